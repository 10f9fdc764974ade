import signal
import threading
import time

import pytest

from bench.measure.limit import TimeLimitError, limited


@pytest.mark.posix
def test_work_past_its_limit_is_given_up():
    words = r"took longer than its time limit of 0\.05 s"
    with pytest.raises(TimeLimitError, match=words), limited(0.05):
        time.sleep(5)


@pytest.mark.posix
def test_an_error_made_of_the_alarm_counts_as_the_alarm():
    def turn():
        try:
            time.sleep(5)
        except TimeLimitError as error:
            raise ValueError("in a node of the graph") from error

    with pytest.raises(TimeLimitError), limited(0.05):
        turn()


@pytest.mark.posix
@pytest.mark.parametrize("seconds", [0, 60])
def test_work_within_its_limit_is_left_alone(seconds):
    before = signal.getsignal(signal.SIGALRM)
    with limited(seconds):
        time.sleep(0.01)
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) is before


def test_an_error_within_the_limit_stays_what_it_is():
    with pytest.raises(ZeroDivisionError), limited(60):
        raise ZeroDivisionError


def test_another_thread_has_no_limit():
    found = []

    def work():
        with limited(0.01):
            time.sleep(0.05)
            found.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == ["done"]
