// Random problems through the plain C interface, compared with plain loops: for sanitizers.
//
//   involution_shapes [COUNT [SEED]]
//
// Problem n of a seed is drawn from SEED + n, so that one that fails can be run alone.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

#include "draw.h"
#include "involution.h"
#include "kernels.h"
#include "numbers.h"
#include "placed.h"
#include "pool.h"
#include "threads.h"
#include "truth.h"

namespace {

// What plain loops may take for one problem.
constexpr int64_t kMostProducts = 100'000;

// A tensor in memory and its numbers.
struct Argument {
  std::unique_ptr<Placed> memory;
  Sums numbers;

  const void* data() const { return memory->data(); }
};

// One problem, and how many of its results are wrong.
class Trial {
 public:
  explicit Trial(uint64_t seed)
      : chance_(seed), drawn_(draw(chance_, kMostProducts)), pool_(drawn_.threads) {
    const involution::Parallel parallel = involution::parallel_on(pool_);
    threads_ = {parallel.threads, parallel.pool, parallel.run};
    // Products are not fused in the same way, and a chain adds up at most so many.
    const InvolutionProblem& p = drawn_.problem;
    terms_ =
        8 + p.rows.taps * p.columns.taps + drawn_.reduced + p.channels / p.groups + windows_of(p);
  }

  bool fails() {
    given();
    generated();
    return wrong_ > 0;
  }
  const Drawn& drawn() const { return drawn_; }

 private:
  void given() {
    const InvolutionProblem& p = drawn_.problem;
    const Argument inputs = argument(pixels_of(p) * p.channels);
    const Argument kernels = argument(windows_of(p) * numbers_of(p));
    const Argument upstream = argument(windows_of(p) * p.channels);
    const Argument scale = parameters(), shift = parameters();
    Sums outputs = true_outputs(p, inputs.numbers, kernels.numbers);
    finish(&outputs, scale.numbers, shift.numbers, drawn_.relu);
    check("outputs", {&outputs}, [&](void* const* to) {
      return involution_outputs(&p, inputs.data(), kernels.data(), pointer(scale), pointer(shift),
                                drawn_.relu, to[0], &threads_);
    });
    const Sums to_inputs = true_inputs(p, kernels.numbers, upstream.numbers);
    check("inputs", {&to_inputs}, [&](void* const* to) {
      return involution_inputs(&p, kernels.data(), upstream.data(), to[0], &threads_);
    });
    const Sums to_kernels = true_kernels(p, inputs.numbers, upstream.numbers);
    check("kernels", {&to_kernels}, [&](void* const* to) {
      return involution_kernels(&p, inputs.data(), upstream.data(), to[0], &threads_);
    });
  }

  void generated() {
    const InvolutionProblem& p = drawn_.problem;
    const int64_t reduced = drawn_.reduced, numbers = numbers_of(p);
    const Argument inputs = argument(pixels_of(p) * p.channels);
    const Argument features = argument(windows_of(p) * reduced);
    const Argument weights = argument(reduced * numbers), bias = argument(numbers);
    const Argument upstream = argument(windows_of(p) * p.channels);
    const Argument scale = parameters(), shift = parameters();
    const Sums kernels = true_generated(reduced, features.numbers, weights.numbers, bias.numbers);
    Sums outputs = true_outputs(p, inputs.numbers, kernels);
    finish(&outputs, scale.numbers, shift.numbers, drawn_.relu);
    check("generated outputs", {&outputs}, [&](void* const* to) {
      return involution_generated_outputs(&p, reduced, inputs.data(), features.data(),
                                          weights.data(), bias.data(), pointer(scale),
                                          pointer(shift), drawn_.relu, to[0], &threads_);
    });
    const Sums to_inputs = true_inputs(p, kernels, upstream.numbers);
    const GeneratorSums to_generator =
        true_generator(reduced, features.numbers, weights.numbers, numbers,
                       true_kernels(p, inputs.numbers, upstream.numbers));
    check("generated gradients",
          {&to_inputs, &to_generator.features, &to_generator.weights, &to_generator.bias},
          [&](void* const* to) {
            return involution_generated_gradients(&p, reduced, inputs.data(), features.data(),
                                                  weights.data(), bias.data(), upstream.data(),
                                                  to[0], to[1], to[2], to[3], &threads_);
          });
  }

  // Calls a function twice; compares its results with the truth and with each other.
  template <class Call>
  void check(const char* name, std::vector<const Sums*> truths, const Call& call) {
    std::vector<std::unique_ptr<Placed>> first, second;
    for (auto* results : {&first, &second}) {
      std::vector<void*> to;
      for (const Sums* truth : truths) {
        results->push_back(placed(int64_t(truth->size())));
        to.push_back(results->back()->data());
      }
      const int status = call(to.data());
      if (status != 0) return fail(name, "returned " + std::to_string(status));
    }
    for (size_t n = 0; n < truths.size(); ++n) {
      compare(name, n, *truths[n], *first[n]);
      if (truths[n]->empty()) continue;
      if (std::memcmp(first[n]->data(), second[n]->data(), first[n]->bytes()) != 0) {
        fail(name, "result " + std::to_string(n) + " differs from call to call");
      }
    }
  }

  void compare(const char* name, size_t result, const Sums& truth, const Placed& found) {
    const TypeTraits& of = traits(drawn_.problem.type);
    for (size_t n = 0; n < truth.size(); ++n) {
      const double expected = truth[n].value;
      const double number = decode(drawn_.problem.type, found.data() + n * of.bytes);
      bool right = std::isnan(expected) ? std::isnan(number) : number == expected;
      if (!right && std::isfinite(expected)) {
        const double rounding =
            of.rounding * std::fabs(expected) + double(terms_) * of.sum_rounding * truth[n].size;
        right = std::fabs(number - expected) <= rounding + 0x1p-25;  // the least of float16
      }
      if (right) continue;
      return fail(name, "result " + std::to_string(result) + ", number " + std::to_string(n) +
                            " of " + std::to_string(truth.size()) + ": expected " +
                            std::to_string(expected) + ", received " + std::to_string(number));
    }
  }

  void fail(const char* name, const std::string& reason) {
    ++wrong_;
    std::printf("%s: %s\n", name, reason.c_str());
  }

  Argument argument(int64_t count) {
    Argument argument = {placed(count), Sums(count)};
    const int bytes = traits(drawn_.problem.type).bytes;
    for (int64_t n = 0; n < count; ++n) {
      const double number = chance_.number(drawn_.finite);
      argument.numbers[n] = Sum(number);
      encode(number, drawn_.problem.type, argument.memory->data() + n * bytes);
    }
    return argument;
  }
  // A scale or a shift, perhaps none.
  Argument parameters() { return argument(drawn_.scaled ? drawn_.problem.channels : 0); }
  const void* pointer(const Argument& parameters) const {
    return drawn_.scaled ? parameters.data() : nullptr;
  }
  std::unique_ptr<Placed> placed(int64_t count) {
    const auto place =
        chance_.one_of({Place::kEndOfMalloc, Place::kEndOfPages, Place::kBeginningOfPages});
    const size_t bytes = traits(drawn_.problem.type).bytes;
    const size_t offset = chance_.once_in(2) ? 0 : bytes * chance_.between(0, 31);
    return std::make_unique<Placed>(count * bytes, place, offset);
  }

  Chance chance_;
  const Drawn drawn_;
  Pool pool_;
  InvolutionThreads threads_;
  int64_t terms_;
  int wrong_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  const long long problems = count > 1 ? std::atoll(arguments[1]) : 1000;
  const unsigned long long seed = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 0;
  std::map<std::string, int> types, threads;
  long long failures = 0;
  for (long long n = 0; n < problems; ++n) {
    Trial trial(seed + n);
    ++types[traits(trial.drawn().problem.type).name];
    ++threads[std::to_string(trial.drawn().threads)];
    if (!trial.fails()) continue;
    ++failures;
    std::printf("  in the problem of seed %llu: %s\n", seed + n, text_of(trial.drawn()).c_str());
  }
  std::printf("%lld of %lld problems right with %s;", problems - failures, problems,
              involution_instructions());
  for (const auto& [type, number] : types) std::printf(" %s %d", type.c_str(), number);
  std::printf("; threads");
  for (const auto& [number, times] : threads) std::printf(" %s: %d", number.c_str(), times);
  std::printf("\n");
  return failures == 0 ? 0 : 1;
}
