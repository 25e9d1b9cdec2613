#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "core/memory/account.hpp"
#include "core/memory/buffer.hpp"
#include "core/parallel.hpp"
#include "core/view.hpp"
#include "steps/clean_flicker_noise/detector_frame.hpp"
#include "steps/clean_flicker_noise/fft_section.hpp"
#include "steps/clean_flicker_noise/scene_mask.hpp"

namespace spec2::clean_flicker_noise {

enum class FitMethod { median, fft };
enum class BackgroundMethod { none, median, model };
enum class CleanOutcome {
  cleaned,
  no_data,  ///< no background pixel is left; the image stays as it is
  failed    ///< the mask does not serve for a fit
};

/// How every image of an exposure is cleaned.
struct CleanSettings {
  FitMethod fit = FitMethod::median;
  BackgroundMethod background = BackgroundMethod::median;
  std::optional<std::array<std::size_t, 2>> box;  ///< rows and columns of background boxes
  double n_sigma = 2.0;
  int slow_axis = 1;        ///< 1: along columns of the image, 2: along rows
  bool by_channel = false;
  Detector detector = Detector::nrs1;
  FrequencyBand band;
  View2<const float> flat;  ///< empty for none
};

/// Memory to clean images of one shape, used again for each integration.
class CleanScratch {
 public:
  CleanScratch(Account& account, std::size_t rows, std::size_t columns, const CleanSettings& settings);
  View2<float> background() { return view(background_); }

 private:
  friend CleanOutcome clean_image(View2<float>, View2<Mask>, const CleanSettings&, CleanScratch&, const Parallel&);
  template <class T>
  View2<T> view(Buffer<T>& buffer) { return {buffer.data(), rows_, columns_}; }

  std::size_t rows_, columns_;
  Buffer<float> background_, turned_, model_;
  Buffer<double> values_, noise_, weight_;
  Buffer<Mask> turned_mask_, nan_;
};

/// Subtracts the 1/f noise from `image`. `mask` (1: background) is narrowed further. On `cleaned`, `scratch.background()`
/// holds the background that was taken out for the fit and put back. Sizes of results follow the peer's mix of float32 and
/// float64. Source: jwst 3.0.0 clean_flicker_noise.clean_flicker_noise._clean_one_image.
CleanOutcome clean_image(View2<float> image, View2<Mask> mask, const CleanSettings& settings, CleanScratch& scratch,
                         const Parallel& parallel);

/// Background of the pixels of the mask into `background`: a constant or a map. Narrows the mask. `values`: twice the image.
/// Source: jwst 3.0.0 clean_flicker_noise.background_level.background_level.
void background_level(View2<const float> image, View2<Mask> mask, BackgroundMethod method,
                      const std::optional<std::array<std::size_t, 2>>& box, std::span<double> values, View2<float> background);

}  // namespace spec2::clean_flicker_noise
