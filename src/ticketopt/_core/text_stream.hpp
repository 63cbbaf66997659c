// The words of texts as numbers.
#pragma once

#include "text.hpp"

namespace ticketopt::text {

// The different words of texts of each kind, the kind of each, and the number of every word; see the stub.
nb::tuple numbered(const nb::list& texts, const Numbers& kinds);

}  // namespace ticketopt::text
