#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "pipeline/memory_report/resident_parts.hpp"

namespace spec2::pipeline::layout {

/// The groups of a memory report and their datasets (docs/memory.md): one group a table, one dataset a column. The first
/// dimension is that of the group, with the numbers of the rows as its scale; some columns have a second one.
inline constexpr const char* kFormat = "spec2 memory report";
inline constexpr int kVersion = 1;

enum class ColumnType { integer, real, text };

struct Column {
  const char* name;
  ColumnType type;
  const char* units = "";
  const char* meaning = "";
  const char* second = "";  ///< name of the second dimension
  std::size_t width = 1;    ///< and its length
};

struct Table {
  const char* group;
  const char* dimension;
  std::span<const Column> columns;
  bool is_long = false;  ///< many rows an exposure: worth compressing
};

using enum ColumnType;
inline constexpr std::size_t kMoments = 3;  ///< before, peak, after
inline constexpr const char* kMoment = "moment";
inline constexpr const char* kPart = "part";
/// First row in /step_kinds and their number, first row in /blocks, number of those that tell of the peak, and of those behind
/// them that tell of the end.
inline constexpr std::size_t kRanges = 5;
inline constexpr const char* kRange = "range";

inline constexpr std::array kSampleColumns = {
    Column{"time", real, "s", "since the run began"},
    Column{"live", integer, "byte", "charged to the accounts of the run"},
    Column{"resident", integer, "byte", "resident size of the process"},
    Column{"virtual", integer, "byte", "virtual size of the process"},
    Column{"exposure", integer, "", "row in /exposures"},
    Column{"step", integer, "", "row in /steps, -1 between steps"},
    Column{"event", integer, "", "0 periodic, 1 a step begins, 2 a step ends, 3 an exposure ends"},
};
inline constexpr std::array kStepColumns = {
    Column{"name", text, "", "name of the step"},
    Column{"exposure", integer, "", "row in /exposures"},
    Column{"outcome", text, "", "done, or why not"},
    Column{"began", real, "s", "since the run began"},
    Column{"seconds", real, "s", "wall time"},
    Column{"live", integer, "byte", "charged to the accounts of the run", kMoment, kMoments},
    Column{"resident", integer, "byte", "resident size of the process", kMoment, kMoments},
    Column{"virtual", integer, "byte", "virtual size of the process", kMoment, kMoments},
    Column{"estimate", integer, "byte", "predicted peak of live bytes"},
    Column{"budget", integer, "byte", "limit that held, -1 for none"},
    Column{"allocations", integer, "", "blocks taken in the step"},
    Column{"allocated", integer, "byte", "their bytes"},
    Column{"parts", integer, "byte", "resident memory by part at the sample with the most of it", kPart, kResidentParts},
    Column{"rows", integer, "", "the rows of the step in other tables", kRange, kRanges},
};
inline constexpr std::array kExposureColumns = {
    Column{"name", text, "", "name of the product"},
    Column{"outcome", text, "", "done, or why not"},
    Column{"process", integer, "", "id of the process that made it"},
    Column{"began", real, "s", "since the run began"},
    Column{"seconds", real, "s", "wall time"},
    Column{"live_after", integer, "byte", "charged to the accounts when the exposure was given back"},
    Column{"resident_after", integer, "byte", "resident size of the process then"},
    Column{"virtual_after", integer, "byte", "virtual size of the process then"},
    Column{"parts", integer, "byte", "resident memory by part then", kPart, kResidentParts},
    Column{"rows", integer, "", "the rows of the exposure in other tables: of blocks those that it left behind", kRange, kRanges},
};
inline constexpr std::array kKindColumns = {Column{"name", text, "", "kind of memory"}};
inline constexpr std::array kStepKindColumns = {
    Column{"step", integer, "", "row in /steps"},
    Column{"kind", integer, "", "row in /kinds"},
    Column{"allocations", integer, "", "blocks taken in the step"},
    Column{"allocated", integer, "byte", "their bytes"},
    Column{"live_count", integer, "", "blocks live after the step"},
    Column{"live_bytes", integer, "byte", "their bytes"},
};
inline constexpr std::array kBlockColumns = {
    Column{"exposure", integer, "", "row in /exposures"},
    Column{"step", integer, "", "row in /steps, -1 for what the exposure left behind"},
    Column{"moment", integer, "", "1 at the peak of the step, 2 after the step or the exposure"},
    Column{"kind", integer, "", "row in /kinds"},
    Column{"holder", integer, "", "row in /holders"},
    Column{"count", integer, "", "number of blocks"},
    Column{"bytes", integer, "byte", "their bytes"},
    Column{"taken_exposure", integer, "", "row in /exposures of the exposure that took them, -1 for none"},
    Column{"taken_step", integer, "", "row in /steps of the step that took them, -1 for none"},
};
inline constexpr std::array kHolderColumns = {
    Column{"name", text, "", "account"},
    Column{"parent", integer, "", "row of the account that holds it, -1 for the run"},
};

inline constexpr Table kSamples{"samples", "sample", kSampleColumns, true};
inline constexpr Table kSteps{"steps", "step", kStepColumns};
inline constexpr Table kExposures{"exposures", "exposure", kExposureColumns};
inline constexpr Table kKinds{"kinds", "kind", kKindColumns};
inline constexpr Table kStepKinds{"step_kinds", "row", kStepKindColumns, true};
inline constexpr Table kBlocks{"blocks", "row", kBlockColumns, true};
inline constexpr Table kHolders{"holders", "holder", kHolderColumns};

}  // namespace spec2::pipeline::layout
