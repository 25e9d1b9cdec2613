#include "pipeline/runner/output_place.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pipeline/config/command_words.hpp"
#include "pipeline/config/parameter_loader.hpp"

namespace spec2::pipeline {
namespace {

using ::testing::HasSubstr;

ParameterSet parameters(const std::vector<std::string>& settings) {
  ParameterRequest request;
  for (const std::string& setting : settings) add_assignment(request.overrides, setting, spec2_pipeline());
  return load_parameters(request).set;
}

/// Path of the file that photom writes in the product abc-rate, when the exposure was last called old_flat_field.fits.
std::string photom_file(const std::vector<std::string>& settings) {
  const OutputPlace products{"products", product_root("abc-rate")};
  const OutputPlace place = output_place(parameters(settings).step("photom"), products, "somewhere/old_flat_field.fits");
  return (place.folder / place.root.file_name("photom")).string();
}

// The names are those that jwst 3.0.0 (strun) gives its files with the same parameters.
TEST(OutputPlace, NamesAsThePeerGivesThem) {
  EXPECT_EQ(photom_file({}), "products/abc-photom.fits");
  EXPECT_EQ(photom_file({"photom.output_dir=own"}), "own/abc-photom.fits");
  EXPECT_EQ(photom_file({"photom.output_file=a/other.fits"}), "products/other_photom.fits");
  EXPECT_EQ(photom_file({"photom.output_file=bar_cal.x.fits"}), "products/bar_cal.x_photom.fits");
  EXPECT_EQ(photom_file({"photom.search_output_file=false"}), "products/old_photom.fits");
  EXPECT_EQ(photom_file({"photom.search_output_file=false", "photom.output_file=other.fits"}), "products/other_photom.fits");
  EXPECT_EQ(photom_file({"photom.output_use_model=true", "photom.output_file=other.fits"}), "products/old_photom.fits");
}

TEST(OutputPlace, PathsAreExpandedAsByAShell) {
  ::setenv("SPEC2_TEST_FOLDER", "/data/x", 1);
  ::setenv("HOME", "/home/me", 1);
  EXPECT_EQ(expanded_path("$SPEC2_TEST_FOLDER/y"), "/data/x/y");
  EXPECT_EQ(expanded_path("a${SPEC2_TEST_FOLDER}b"), "a/data/xb");
  EXPECT_EQ(expanded_path("~/y"), "/home/me/y");
  for (const char* as_it_is : {"$SPEC2_NOT_SET/y", "${SPEC2_NOT_SET}", "a~", "~me/y", "$", "${", "$/a", "${SPEC2_TEST_FOLDER"}) {
    EXPECT_EQ(expanded_path(as_it_is), as_it_is);
  }
}

TEST(OutputPlace, OtherFormatsThanFitsAreRefused) {
  EXPECT_NO_THROW(check_outputs(parameters({"output_ext=fits", "photom.output_ext=.fits"})));
  try {
    check_outputs(parameters({"photom.output_ext=asdf"}));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.cause(), ErrorCause::user_input);
    EXPECT_THAT(error.what(), ::testing::AllOf(HasSubstr("'asdf'"), HasSubstr("photom.output_ext")));
  }
}

}  // namespace
}  // namespace spec2::pipeline
