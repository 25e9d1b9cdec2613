#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "datamodels/io/read_exposure.hpp"
#include "pipeline/association/association.hpp"
#include "pipeline/chain/chain.hpp"
#include "pipeline/config/parameter_loader.hpp"
#include "pipeline/crds/reference_selector.hpp"
#include "pipeline/runner/exposure_references.hpp"
#include "pipeline/runner/run.hpp"

namespace spec2::pipeline {

/// Everything about a product that is known before its pixels are read; `plan` shows it, `run` carries it out.
struct ProductSetup {
  std::string name;                                   ///< of the product, without folder, ending and suffix
  ProductRoot root;                                   ///< the name with the character before suffixes
  std::filesystem::path science;
  std::vector<std::filesystem::path> backgrounds;
  std::vector<std::filesystem::path> selfcals;
  io::ExposureHeader header;
  ParameterSet parameters;
  std::vector<PlannedStep> planned;
  std::vector<std::unique_ptr<Step>> steps;           ///< one for each planned step; null for those that do not run
  std::unique_ptr<ExposureReferences> references;
  std::unique_ptr<DraftSpectra> draft_spectra;        ///< where a step can ask for them

  bool is_cube() const { return header.kind == ModelKind::cube; }
};

/// The parameters as far as the user gives them: what concerns the run as a whole, and mistakes, before any product is begun.
/// Throws Error(user_input).
ParameterSet given_parameters(const RunOptions& options);

/// The parameters that an exposure with this header runs with. Throws Error(user_input).
ParameterSet parameters_of(const RunOptions& options, const ReferenceSelector& selector, const Metadata& header, const Log& log);

/// Reads the header of the science member, resolves its parameters and makes its steps. Throws Error.
ProductSetup set_up_product(const Product& product, const RunOptions& options, const ReferenceSelector& selector, const Log& log);

/// References of all types that the running steps can ask for; throws Error(reference) naming the first that has no rule.
std::vector<PlannedReference> choose_references(const ProductSetup& setup);

/// Planes of background members that are held: all for steps that change or save the members, else those of which the mean is
/// made. None of large images: bkg_subtract reads these by rows, and their number takes no memory.
std::span<const PlaneKind> background_planes(const ProductSetup& setup);

/// Steps that work with background members; these are held from the first of them until bkg_subtract.
bool uses_backgrounds(std::string_view step);

}  // namespace spec2::pipeline
