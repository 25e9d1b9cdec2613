#pragma once

#include <filesystem>

#include "datamodels/exposure.hpp"

namespace spec2::test {

/// Reads a product of the peer (images, cubes, slits, spectra) back into an exposure, so that it can be written again.
Exposure read_model(const std::filesystem::path& path, Account& account);

}  // namespace spec2::test
