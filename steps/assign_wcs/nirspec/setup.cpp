#include "steps/assign_wcs/nirspec/setup.hpp"

namespace spec2::assign_wcs::nirspec {

bool is_lamp(const Setup& setup) {
  return setup.exp_type == "NRS_LAMP" || setup.exp_type == "NRS_AUTOWAVE" || setup.exp_type == "NRS_AUTOFLAT";
}

bool ends_at_msa(const Setup& setup) { return setup.filter == "OPAQUE" || is_lamp(setup); }

bool is_ifu(const Setup& setup) {
  const bool lamp_with_mode = setup.exp_type == "NRS_LAMP" || setup.exp_type == "NRS_AUTOWAVE";
  return setup.exp_type == "NRS_IFU" || (lamp_with_mode && setup.lamp_mode == "IFU");
}

bool uses_msa(const Setup& setup) {
  const bool lamp_with_mode = setup.exp_type == "NRS_LAMP" || setup.exp_type == "NRS_AUTOWAVE";
  return setup.exp_type == "NRS_MSASPEC" || setup.exp_type == "NRS_AUTOFLAT" || (lamp_with_mode && setup.lamp_mode == "MSASPEC");
}

}  // namespace spec2::assign_wcs::nirspec
