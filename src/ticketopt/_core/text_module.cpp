#include <nanobind/stl/string.h>

#include "text.hpp"
#include "text_claims.hpp"
#include "text_stream.hpp"
#include "text_symbols.hpp"
#include "text_walk.hpp"

NB_MODULE(text, module) {
    using namespace nanobind::literals;
    namespace nb = nanobind;
    namespace text = ticketopt::text;
    nb::class_<text::WordPieces>(module, "WordPieces")
        .def(nb::init<const nb::dict&, const std::string&, Py_ssize_t>(), "pieces"_a, "inside"_a, "longest"_a)
        .def("of", &text::WordPieces::of, "word"_a)
        .def("of_all", &text::WordPieces::of_all, "words"_a, "others"_a, "other"_a);
    nb::class_<text::PhraseList>(module, "PhraseList")
        .def(nb::init<const nb::sequence&, Py_UCS4>(), "phrases"_a, "dense"_a)
        .def("find", &text::PhraseList::find, "text"_a, "end"_a)
        .def("count", &text::PhraseList::count, "text"_a, "enough"_a);
    nb::class_<text::Words>(module, "Words")
        .def(nb::init<const nb::dict&, const nb::dict&>(), "sets"_a, "irregular"_a)
        .def("tokens", &text::Words::tokens, "text"_a, "other"_a)
        .def("folded", &text::Words::folded, "words"_a, "other"_a)
        .def("stems", &text::Words::stems, "words"_a, "longest"_a, "other"_a);
    module.def("sums", &text::sums, "rows"_a, "scales"_a, "pieces"_a, "counts"_a, "ids"_a, "weights"_a, "starts"_a);
    module.def("accepted", &text::accepted, "weights"_a, "claims"_a, "ends"_a, "phrases"_a, "spans"_a, "firsts"_a,
               "lasts"_a, "repeat"_a);
    module.def("numbered", &text::numbered, "texts"_a, "kinds"_a);
    nb::class_<text::WordSymbols>(module, "WordSymbols")
        .def(nb::init<const nb::dict&, const nb::dict&, const nb::object&, const nb::object&, const text::Words&,
                      nb::callable, nb::callable>(),
             "tokens"_a, "prefixes"_a, "general"_a, "numbers"_a, "words"_a, "folded"_a, "stem"_a,
             nb::keep_alive<1, 6>())
        .def("of", &text::WordSymbols::of, "words"_a, "stems"_a, "lows"_a, "kinds"_a, "longest"_a);
    nb::class_<text::PhraseWalk>(module, "PhraseWalk")
        .def(nb::init<const nb::dict&, const nb::dict&, const nb::dict&, const nb::dict&>(), "below"_a, "ends"_a,
             "parts"_a, "anchored"_a)
        .def("find", &text::PhraseWalk::find, "ids"_a, "counts"_a, "symbols"_a, "sentences"_a, "starts"_a);
}
