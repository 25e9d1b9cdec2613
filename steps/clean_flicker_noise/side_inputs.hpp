#pragma once

#include <cstddef>
#include <string>

#include "core/memory/account.hpp"
#include "core/memory/buffer.hpp"
#include "datamodels/metadata.hpp"
#include "datamodels/planes.hpp"
#include "steps/clean_flicker_noise/scene_mask.hpp"

namespace spec2::clean_flicker_noise {

/// A mask for all integrations (`count` 1) or one for each.
struct SceneMask {
  Buffer<Mask> values;
  std::size_t count = 0, rows = 0, columns = 0;

  View2<Mask> plane(std::size_t integration) {
    return {values.data() + (count == 1 ? 0 : integration) * rows * columns, rows, columns};
  }
};

/// The mask of a user's file: SCI, two or three axes, any value but 0 is background. Throws Error(user_input).
SceneMask read_user_mask(const std::string& path, Account& account);

/// The part of a flat that the image covers; zeros and NaN become a smooth local value. Throws Error(reference) when the flat
/// does not cover the image. Source: jwst 3.0.0 clean_flicker_noise.clean_flicker_noise.read_flat_file.
Buffer<float> read_flat(const std::string& path, const Metadata& header, const PlaneShape& shape, Account& account);

}  // namespace spec2::clean_flicker_noise
