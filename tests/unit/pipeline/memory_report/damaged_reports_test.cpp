// Files that are no memory report, or one that is damaged: an error that says so, and little memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5_hl.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "core/error.hpp"
#include "core/memory/resident.hpp"
#include "pipeline/memory_report/memory_texts.hpp"
#include "pipeline/memory_report/trial_reading.hpp"
#include "tests/unit/pipeline/memory_report/made_report.hpp"

namespace spec2::pipeline::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// All that the program asks of a report.
void read_all(const fs::path& path) {
  const MemoryReport report = read_memory_report(path);
  usage_text(report);
  growth_text(report);
  report.samples();
  for (std::size_t i = 0; i < report.steps().size(); ++i) {
    report.kinds(i);
    report.blocks_after_step(i);
    holders_text(report, i);
  }
  difference_text(report);
}

void expect_refusal(const fs::path& path, const std::string& said, ErrorCause cause = ErrorCause::data) {
  try {
    read_all(path);
    FAIL() << "no error: " << said;
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), cause) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(said));
    EXPECT_THAT(error.what(), HasSubstr(path.filename().string()));
    EXPECT_THAT(error.what(), HasSubstr("spec2 run --memory-report"));
  }
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

/// A report in which something was changed through HDF5.
fs::path changed(const ScratchFolder& folder, const std::function<void(hid_t)>& change) {
  const fs::path path = folder / "changed.h5";
  fs::remove(path);
  write_report(path, 2);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  change(file);
  H5Fclose(file);
  return path;
}

void replace_column(hid_t file, const char* name, int rank, const hsize_t* size, hid_t type) {
  H5Ldelete(file, name, H5P_DEFAULT);
  const hid_t made = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(rank, size, nullptr);
  const hsize_t chunk[2] = {1, 1};
  H5Pset_chunk(made, rank, chunk);
  const hid_t data = H5Dcreate2(file, name, type, space, H5P_DEFAULT, made, H5P_DEFAULT);
  H5Dclose(data);
  H5Sclose(space);
  H5Pclose(made);
}

void set_first(hid_t file, const char* name, std::int64_t value) {
  const hid_t data = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(data);
  const hsize_t start = 0, count = 1;
  H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, nullptr, &count, nullptr);
  const hid_t memory = H5Screate_simple(1, &count, nullptr);
  H5Dwrite(data, H5T_NATIVE_INT64, memory, space, H5P_DEFAULT, &value);
  H5Sclose(memory);
  H5Sclose(space);
  H5Dclose(data);
}

/// A number of the first step about its rows in other tables.
void set_row(hid_t file, hsize_t place, std::int64_t value) {
  const hid_t data = H5Dopen2(file, "steps/rows", H5P_DEFAULT), space = H5Dget_space(data);
  const hsize_t start[2] = {0, place}, count[2] = {1, 1};
  H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nullptr, count, nullptr);
  const hid_t memory = H5Screate_simple(1, count, nullptr);
  H5Dwrite(data, H5T_NATIVE_INT64, memory, space, H5P_DEFAULT, &value);
  H5Sclose(memory);
  H5Sclose(space);
  H5Dclose(data);
}

TEST(DamagedReport, OtherFilesAreNamed) {
  const ScratchFolder folder;
  expect_refusal(folder / "none.h5", "there is no such file", ErrorCause::user_input);
  write_bytes(folder / "text.h5", "no HDF5");
  expect_refusal(folder / "text.h5", "cannot be opened as HDF5");
  write_bytes(folder / "empty.h5", "");
  expect_refusal(folder / "empty.h5", "cannot be opened as HDF5");
  H5Fclose(H5Fcreate((folder / "other.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  expect_refusal(folder / "other.h5", "the file is no memory report");
  EXPECT_FALSE(is_memory_report(folder / "other.h5"));
  const int later = 2;
  expect_refusal(changed(folder, [&](hid_t file) { H5LTset_attribute_int(file, "/", "format_version", &later, 1); }),
                 "of version 2");
}

TEST(DamagedReport, ColumnsOfOtherFormsAreNamed) {
  const ScratchFolder folder;
  const hsize_t few[2] = {1, 1}, many[2] = {hsize_t{1} << 40, 1};
  expect_refusal(changed(folder, [](hid_t file) { H5Ldelete(file, "steps/live", H5P_DEFAULT); }), "has no column steps/live");
  expect_refusal(changed(folder, [&](hid_t file) { replace_column(file, "steps/seconds", 1, few, H5T_NATIVE_INT64); }),
                 "steps/seconds of the memory report is of another type");
  expect_refusal(changed(folder, [&](hid_t file) { replace_column(file, "steps/live", 1, few, H5T_NATIVE_INT64); }),
                 "steps/live of the memory report has another shape");
  expect_refusal(changed(folder, [&](hid_t file) { replace_column(file, "steps/seconds", 1, few, H5T_NATIVE_DOUBLE); }),
                 "steps/seconds has 1 rows where 4 are told of");
  const std::size_t before = process_memory().virtual_size;
  expect_refusal(changed(folder, [&](hid_t file) { replace_column(file, "samples/sample", 1, many, H5T_NATIVE_INT64); }),
                 "more than a memory report can have");
  expect_refusal(changed(folder, [&](hid_t file) { replace_column(file, "exposures/exposure", 1, many, H5T_NATIVE_INT64); }),
                 "more than a memory report can have");
  EXPECT_LT(process_memory().virtual_size, before + (std::size_t{64} << 20));
  const hid_t fixed = H5Tcopy(H5T_C_S1);
  expect_refusal(changed(folder, [&](hid_t file) { replace_column(file, "steps/name", 1, few, fixed); }), "a fixed length");
  H5Tclose(fixed);
}

TEST(DamagedReport, PlacesThatAreNotThereAreNamed) {
  const ScratchFolder folder;
  expect_refusal(changed(folder, [](hid_t file) { set_first(file, "steps/exposure", 9); }), "names exposure 9, and has 2");
  expect_refusal(changed(folder, [](hid_t file) { set_row(file, 2, std::int64_t{1} << 62); }), "are told of");
  expect_refusal(changed(folder, [](hid_t file) { set_row(file, 3, -5); }), "is -5");
  expect_refusal(changed(folder, [](hid_t file) { set_first(file, "blocks/kind", 99); }), "names kind 99");
  expect_refusal(changed(folder, [](hid_t file) { set_first(file, "holders/parent", 0); }), "holds itself");
  expect_refusal(changed(folder, [](hid_t file) { set_first(file, "samples/event", 40); }), "no known event");
  expect_refusal(changed(folder, [](hid_t file) { set_first(file, "samples/step", -7); }), "names step -7");
}

/// The heap of texts of a file is where HDF5 trusts what it reads.
TEST(DamagedReport, AFileThatHdf5CrashesOverIsRefused) {
  const ScratchFolder folder;
  write_report(folder / "whole.h5", 2);
  EXPECT_TRUE(is_memory_report_on_trial(folder / "whole.h5"));
  EXPECT_NO_THROW(try_reading(folder / "whole.h5"));
#ifdef SPEC2_SANITIZED
  GTEST_SKIP() << "a sanitizer makes an exit of its own of a crash; the release build does the rest";
#endif
  const std::string whole = bytes_of(folder / "whole.h5");
  const std::size_t heap = whole.find("GCOL");
  ASSERT_NE(heap, std::string::npos);
  // Where in the second half of the heap HDF5 crashes is its own affair; one place is enough.
  bool is_refused = false;
  for (std::size_t at = heap + 2048; at < heap + 4096 && !is_refused; at += 4) {
    std::string damaged = whole;
    damaged.replace(at, 4, 4, '\x9d');
    write_bytes(folder / "damaged.h5", damaged);
    try {
      try_reading(folder / "damaged.h5");
    } catch (const Error& error) {
      is_refused = true;
      EXPECT_EQ(error.cause(), ErrorCause::data);
      EXPECT_THAT(error.what(), HasSubstr("HDF5 cannot read it"));
    }
  }
  EXPECT_TRUE(is_refused);
}

TEST(DamagedReport, PartsOfAFileAreRefused) {
  const ScratchFolder folder;
  write_report(folder / "whole.h5", 2);
  const std::string whole = bytes_of(folder / "whole.h5");
  for (const double part : {0.001, 0.01, 0.1, 0.3, 0.5, 0.9, 0.999}) {
    write_bytes(folder / "part.h5", whole.substr(0, static_cast<std::size_t>(part * static_cast<double>(whole.size()))));
    expect_refusal(folder / "part.h5", "only a part of one");
  }
}

}  // namespace
}  // namespace spec2::pipeline::test
