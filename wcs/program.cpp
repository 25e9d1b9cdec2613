#include "wcs/arena.hpp"
