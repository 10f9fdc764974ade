"""All records with their statistics as one flat table, in CSV."""

import re
from urllib.parse import quote

import pandas as pd

from reports.text.packing import packed

# What has one entry per round: lists, which the JSON files hold.
LEFT_OUT = ("seconds", "baseline_seconds", "device_seconds", "process")
# A spreadsheet takes a string that begins so for a formula, which could call programs. Some drop
# spaces and invisible letters before it, take the wide signs of East Asian keyboards too, or part
# cells at semicolons.
FORMULA = re.compile(r"(^|;)([\s\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n])")
# A longer link is compressed. In characters.
LONGEST_LINK = 1_000_000


def frame(records: pd.DataFrame) -> pd.DataFrame:
    """Flatten judged records: one row per record, one value per cell.

    Args:
        records: the table `stages.JUDGED`.

    Returns:
        All columns in SI units (seconds, bytes, counts), except the raw rounds; notes joined by
        semicolons. A string that a spreadsheet would run as a formula begins with an apostrophe.
    """
    flat = records.drop(columns=list(LEFT_OUT))
    flat = flat.assign(notes=flat["notes"].map("; ".join))
    strings = flat.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in flat.dtypes]]
    return flat.assign(**{name: flat[name].map(_harmless) for name in strings})


def csv(records: pd.DataFrame) -> str:
    """Write judged records as CSV, with all digits of each number.

    Args:
        records: the table `stages.JUDGED`.
    """
    return frame(records).to_csv(index=False, lineterminator="\n")


def link(text: str) -> tuple[str, str]:
    """Make the address that holds a CSV file itself, so that a page can offer it for download.

    Args:
        text: the CSV.

    Returns:
        A name for the file and a `data:` address; a long one holds it compressed by gzip.
    """
    address = "data:text/csv;charset=utf-8," + quote(text, safe="/:,;[]()=@+?!*'$|{}^~")
    if len(address) <= LONGEST_LINK:
        return "records.csv", address
    return "records.csv.gz", f"data:application/gzip;base64,{packed(text)}"


def _harmless(value: object) -> object:
    return FORMULA.sub(r"\1'\2", value) if isinstance(value, str) else value
