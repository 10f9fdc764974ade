// Loops over the threads of the backend's own pool.
#ifndef INVOLUTION_THREADS_H_
#define INVOLUTION_THREADS_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "kernels.h"

namespace involution {

// Pool has num_threads() and Schedule(function).
template <class Pool>
Parallel parallel_on(Pool& pool) {
  const auto run = [](void* pointer, int64_t count, void (*body)(void*, int64_t, int64_t),
                      void* argument) {
    Pool& pool = *static_cast<Pool*>(pointer);
    // A helper may start after the loop has ended, or never, if all threads of the pool wait as
    // this one does. The loop therefore waits for the indices that were taken, not for the helpers.
    struct State {
      std::atomic<int64_t> next{0};
      std::atomic<int64_t> done{0};
    };
    const auto state = std::make_shared<State>();
    const auto work = [state, count, body, argument](int64_t slot) {
      int64_t index;
      while ((index = state->next.fetch_add(1)) < count) {
        body(argument, index, slot);
        state->done.fetch_add(1);
      }
    };
    const int64_t helpers = std::min<int64_t>(pool.num_threads(), count) - 1;
    for (int64_t slot = 1; slot <= helpers; ++slot) pool.Schedule([work, slot] { work(slot); });
    work(0);
    while (state->done.load() < count) std::this_thread::yield();
  };
  return {std::max<int64_t>(pool.num_threads(), 1), &pool, run};
}

}  // namespace involution

#endif  // INVOLUTION_THREADS_H_
