#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datamodels/metadata.hpp"

namespace spec2::pipeline {

/// An exposure that may become a member: its file, and the header that tells what it is.
struct Candidate {
  std::filesystem::path file;
  Metadata header;
};

struct MadeAssociation {
  std::string json;                   ///< empty when no candidate is a spectrum
  std::size_t products = 0;
  std::vector<std::string> warnings;  ///< candidates that were left out, and why
};

/// A level-2b association with one product for each spectroscopic exposure. Background members of an exposure are
/// - the other positions of its nod pattern (same observation, visit and target; NOD_TYPE or PATTTYPE says nod, PATT_NUM
///   differs),
/// - exposures of a dedicated background target (BKGDTARG),
/// always of the same program and configuration: instrument, detector, EXP_TYPE, filter, grating, band, subarray, slit and MSA
/// file. Leakcals (IS_IMPRT) are imprint members. Time series and lamps have no backgrounds. Member names are relative to
/// `folder`, in which the association will lie. Throws Error(user_input) for a file outside of it.
MadeAssociation make_association(const std::vector<Candidate>& candidates, const std::filesystem::path& folder);

}  // namespace spec2::pipeline
