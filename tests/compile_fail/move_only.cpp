// One mistake per macro; without any it compiles.
#include <utility>

#include "core/memory/account.hpp"
#include "core/memory/buffer.hpp"
#include "datamodels/exposure.hpp"

namespace spec2 {

Exposure take(Exposure exposure) { return exposure; }

void use(Exposure& exposure, Slit& slit, Account& account, Reservation& reservation, Buffer<float>& buffer) {
  exposure = take(std::move(exposure));
#ifdef COPY_EXPOSURE
  exposure = take(exposure);
#endif
#ifdef COPY_SLIT
  Slit other = slit;
  other.name = "copy";
#endif
#ifdef COPY_PLANES
  Planes planes = slit.planes;
  planes.dq = DqPlane();
#endif
#ifdef COPY_PLANE
  FloatPlane plane = slit.planes.sci;
  plane.data();
#endif
#ifdef COPY_BUFFER
  Buffer<float> copied = buffer;
  copied.size();
#endif
#ifdef COPY_RESERVATION
  Reservation copied_reservation = reservation;
  copied_reservation.reset();
#endif
#ifdef COPY_ACCOUNT
  Account copied_account = account;
  copied_account.live_bytes();
#endif
  (void)slit, (void)account, (void)reservation, (void)buffer;
}

}  // namespace spec2
