// Which of several phrases speak for a skill where they share words.
#pragma once

#include "text.hpp"

namespace ticketopt::text {

using Values = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

// Of claims the accepted ones: how many of each group, their weights, and which they are; see the stub.
nb::tuple accepted(const Values& weights, const Numbers& claims, const Numbers& ends, const Numbers& phrases,
                   const Numbers& spans, const Numbers& firsts, const Numbers& lasts, double repeat);

}  // namespace ticketopt::text
