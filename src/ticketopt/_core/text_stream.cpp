#include "text_stream.hpp"

#include <utility>

#include "owned_array.hpp"

namespace ticketopt::text {

namespace {

// A word of one kind of texts; Python's own hash and letters tell it from others.
struct Form {
    PyObject* word;
    std::int64_t kind;
    std::size_t hash;
};

struct HashOfForm {
    std::size_t operator()(const Form& form) const { return form.hash ^ static_cast<std::size_t>(form.kind); }
};

struct AreEqual {
    bool operator()(const Form& a, const Form& b) const {
        return a.kind == b.kind && a.hash == b.hash && (a.word == b.word || PyUnicode_Compare(a.word, b.word) == 0);
    }
};

}  // namespace

nb::tuple numbered(const nb::list& texts, const Numbers& kinds) {
    if (kinds.shape(0) != texts.size()) throw nb::value_error("every text needs a kind");
    std::unordered_map<Form, std::int64_t, HashOfForm, AreEqual> numbers;
    std::vector<std::int64_t> ids, kinds_of_words;
    nb::list words;
    for (std::size_t text = 0; text < texts.size(); ++text) {
        const auto own = nb::cast<nb::list>(texts[text]);
        for (nb::handle word : own) {
            require_text(word);
            const Form form{word.ptr(), kinds(text), static_cast<std::size_t>(PyObject_Hash(word.ptr()))};
            const auto [place, is_new] = numbers.emplace(form, static_cast<std::int64_t>(numbers.size()));
            if (is_new) {
                words.append(word);
                kinds_of_words.push_back(form.kind);
            }
            ids.push_back(place->second);
        }
    }
    return nb::make_tuple(words, owned_array(std::move(kinds_of_words)), owned_array(std::move(ids)));
}

}  // namespace ticketopt::text
