#pragma once

#include <cstdint>

namespace spec2::wcs {

/// Names a transform record of an Arena. The generation tells ids of an earlier exposure (before `reset()`) from live ones.
struct TransformId {
  static constexpr std::uint32_t kNone = 0xffffffffu;
  std::uint32_t index = kNone;
  std::uint32_t generation = 0;

  explicit operator bool() const noexcept { return index != kNone; }
  friend bool operator==(const TransformId&, const TransformId&) = default;
};

/// Names a coordinate frame of an Arena.
struct FrameId {
  std::uint32_t index = TransformId::kNone;
  std::uint32_t generation = 0;

  explicit operator bool() const noexcept { return index != TransformId::kNone; }
  friend bool operator==(const FrameId&, const FrameId&) = default;
};

}  // namespace spec2::wcs
