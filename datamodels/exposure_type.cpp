#include "datamodels/exposure_type.hpp"

namespace spec2 {

bool is_time_series(const Metadata& header) {
  const std::string type = header.find_text("EXP_TYPE").value_or("");
  const bool by_type = type == "NRC_TSIMAGE" || type == "NRC_TSGRISM" || type == "NRS_BRIGHTOBJ";
  const bool by_visit = header.find_boolean("TSOVISIT").value_or(false);
  return (by_type || by_visit) && header.find_integer("NINTS").value_or(2) >= 2;
}

}  // namespace spec2
