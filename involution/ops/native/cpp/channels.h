// How channels are divided into vectors.
#ifndef INVOLUTION_CHANNELS_H_
#define INVOLUTION_CHANNELS_H_

#include "memory.h"
#include "vector.h"

namespace involution {
namespace INVOLUTION_TARGET {

// A vector of channels of several groups; the last one has fewer lanes where channels run out.
template <class Real>
struct Mixed {
  Integers<Real> group;  // of each lane, from the first one on
  int64_t first_group;
  int64_t groups;  // that are left from the first one on
  int64_t lanes;
};

// The channels of a problem. Where a group fills a vector, or is the only one, each vector has
// channels of one group alone, and a number of its kernel is broadcast; the last vector of the
// group may have fewer lanes. Otherwise the numbers of several groups are loaded and permuted.
template <class Real>
class Channels {
 public:
  Channels(int64_t channels, int64_t groups)
      : count(channels),
        groups(groups),
        width(channels / groups),
        apart(groups == 1 || width >= kLanes<Real>),
        mixed_(apart ? 0 : vectors() * int64_t(sizeof(Mixed<Real>))) {
    if (apart || missing()) return;
    for (int64_t v = 0; v < vectors(); ++v) {
      const int64_t channel = v * kLanes<Real>, first = channel / width;
      Mixed<Real>& vector = mixed()[v];
      for (int lane = 0; lane < kLanes<Real>; ++lane) {
        vector.group[lane] = smaller((channel + lane) / width, groups - 1) - first;
      }
      vector.first_group = first;
      vector.groups = groups - first;
      vector.lanes = channels - channel;
    }
  }

  bool missing() const { return mixed_.missing(); }
  int64_t vectors() const { return (count + kLanes<Real> - 1) / kLanes<Real>; }
  Mixed<Real>* mixed() const { return (Mixed<Real>*)mixed_.data(); }

  const int64_t count;
  const int64_t groups;
  const int64_t width;  // channels of a group
  const bool apart;     // whether no vector has channels of several groups

 private:
  Buffer<char> mixed_;
};

template <int number>
struct Count {
  static constexpr int value = number;
};

// Visits a vector that a group does not fill. A function of its own: the loops over whole vectors,
// next to which it would be inlined, need all registers.
template <class Real, class Visit>
[[gnu::noinline]] void visit_rest(const Visit& visit, int64_t channel, int64_t group,
                                  Mask<Real> mask) {
  visit(Count<1>(), Count<1>(), channel, group, mask);
}

// Calls visit(vectors, groups, channel, group, mask) for blocks of one, two or four whole vectors:
// the sums of two windows then fit into 16 registers, and are enough for one addition not to wait
// for the one before. The groups of a block have equally many vectors. What a group has beyond
// whole vectors is a block of its own, with a mask of its lanes.
template <class Real, class Visit>
inline void for_blocks(const Channels<Real>& channels, const Visit& visit) {
  constexpr int lanes = kLanes<Real>;
  const int64_t per_group = channels.width / lanes, left = channels.width % lanes;
  int64_t group = 0;
  const auto blocks = [&](auto vectors, auto groups) {
    for (; group + groups.value <= channels.groups; group += groups.value) {
      visit(vectors, groups, group * channels.width, group, Whole());
    }
  };
  if (per_group == 1 && left == 0) {
    blocks(Count<4>(), Count<4>());
    blocks(Count<2>(), Count<2>());
    blocks(Count<1>(), Count<1>());
  } else if (per_group == 2 && left == 0) {
    blocks(Count<4>(), Count<2>());
    blocks(Count<2>(), Count<1>());
  } else {
    for (; group < channels.groups; ++group) {
      int64_t vector = 0;
      const auto parts = [&](auto vectors) {
        for (; vector + vectors.value <= per_group; vector += vectors.value) {
          visit(vectors, Count<1>(), group * channels.width + vector * lanes, group, Whole());
        }
      };
      parts(Count<4>());
      parts(Count<2>());
      parts(Count<1>());
      if (left > 0) {
        visit_rest(visit, group * channels.width + per_group * lanes, group, Mask<Real>(left));
      }
    }
  }
}

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_CHANNELS_H_
