#pragma once

#include <string_view>

namespace spec2::pipeline::html {

/// Files that the build puts into the program (CMakeLists.txt).
extern const std::string_view kChartLibrary;  ///< uPlot
extern const std::string_view kChartLicence;  ///< of uPlot
extern const std::string_view kChartStyle;    ///< of uPlot
extern const std::string_view kViewer;        ///< viewer.js
extern const std::string_view kPageStyle;     ///< page.css

}  // namespace spec2::pipeline::html
