#include <nanobind/stl/string.h>

#include "text.hpp"

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
    module.def("candidates", &text::candidates, "stems"_a, "lows"_a, "vocabulary"_a, "special"_a, "capitals"_a,
               "heads"_a, "head"_a);
}
