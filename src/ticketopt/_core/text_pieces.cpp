#include "text.hpp"

#include <algorithm>

#include "owned_array.hpp"
#include "require.hpp"
#include "versions.hpp"

namespace ticketopt::text {

namespace {

bool is_plain(nb::handle word) {
    if (!is_ascii(word)) return false;
    const std::string_view letters = ascii_of(word);
    return std::none_of(letters.begin(), letters.end(), [](char c) { return is_upper(c) || c == '\''; });
}

}  // namespace

WordPieces::WordPieces(const nb::dict& pieces, const std::string& inside, Py_ssize_t longest)
    : number_at_(2, -1), longest_(longest) {
    for (const auto& [piece, value] : pieces) {
        require_text(piece);
        const auto number = nb::cast<std::int32_t>(value);
        const Characters letters(piece);
        const auto length = static_cast<Py_ssize_t>(inside.size());
        add(letters, 0, whole_root, number);
        bool is_inside = letters.size() > length;
        for (Py_ssize_t k = 0; is_inside && k < length; ++k) {
            is_inside = letters[k] == static_cast<unsigned char>(inside[static_cast<std::size_t>(k)]);
        }
        if (is_inside) add(letters, length, inside_root, number);
    }
}

void WordPieces::add(const Characters& piece, Py_ssize_t first, std::int32_t place, std::int32_t number) {
    for (Py_ssize_t k = first; k < piece.size(); ++k) {
        place = edges_.made_below(place, piece[k], static_cast<std::int32_t>(number_at_.size()));
        if (static_cast<std::size_t>(place) == number_at_.size()) number_at_.push_back(-1);
    }
    if (place > inside_root) number_at_[static_cast<std::size_t>(place)] = number;
}

// The longest piece that fits, again and again; nothing where none fits.
bool WordPieces::cut(const Characters& word, std::vector<std::int64_t>& found) const {
    const std::size_t before = found.size();
    std::int32_t place = whole_root;
    Py_ssize_t start = 0;
    while (start < word.size()) {
        std::int32_t number = -1;
        Py_ssize_t end = start;
        for (Py_ssize_t k = start; k < word.size(); ++k) {
            place = edges_.below(place, word[k]);
            if (place < 0) break;
            if (const std::int32_t here = number_at_[static_cast<std::size_t>(place)]; here >= 0) {
                number = here;
                end = k + 1;
            }
        }
        // A word of more letters is no word, unless it is a piece.
        if (number < 0 || (word.size() > longest_ && end < word.size())) {
            found.resize(before);
            return false;
        }
        found.push_back(number);
        start = end;
        place = inside_root;
    }
    return true;
}

nb::tuple WordPieces::of(const nb::str& word) const {
    std::vector<std::int64_t> found;
    cut(Characters(word), found);
    nb::list numbers;
    for (const std::int64_t number : found) numbers.append(number);
    return nb::tuple(numbers);
}

nb::tuple WordPieces::of_all(const nb::sequence& words, const nb::object& others, const nb::callable& other) const {
    std::vector<std::int64_t> found, counts;
    for (nb::handle word : words) {
        require_text(word);
        const std::size_t before = found.size();
        if (is_plain(word) && !contains(others, word)) {
            cut(Characters(word), found);
        } else {
            for (nb::handle number : nb::tuple(other(word))) found.push_back(nb::cast<std::int64_t>(number));
        }
        counts.push_back(static_cast<std::int64_t>(found.size() - before));
    }
    return nb::make_tuple(owned_array(std::move(found)), owned_array(std::move(counts)));
}

namespace {

// Where each word's pieces begin, and a check that all numbers lead somewhere.
std::vector<std::size_t> checked_firsts(const Rows& rows, const Scales& scales, const Numbers& pieces,
                                        const Numbers& counts, const Numbers& ids, const Numbers& starts) {
    require(rows.shape(0) == scales.shape(0), "every row needs a scale");
    const auto n_rows = static_cast<std::int64_t>(rows.shape(0));
    for (std::size_t k = 0; k < pieces.shape(0); ++k) {
        require(0 <= pieces(k) && pieces(k) < n_rows, "pieces must be numbers of rows");
    }
    std::vector<std::size_t> firsts(1, 0);
    firsts.reserve(counts.shape(0) + 1);
    for (std::size_t k = 0; k < counts.shape(0); ++k) {
        require(counts(k) >= 0, "counts must not be negative");
        firsts.push_back(firsts.back() + static_cast<std::size_t>(counts(k)));
    }
    require(firsts.back() == pieces.shape(0), "counts must add up to the pieces");
    for (std::size_t k = 0; k < ids.shape(0); ++k) {
        require(0 <= ids(k) && ids(k) < static_cast<std::int64_t>(counts.shape(0)), "ids must be places of words");
    }
    require(starts.shape(0) >= 1 && starts(0) >= 0, "starts must have one entry per text and one more");
    for (std::size_t k = 1; k < starts.shape(0); ++k) require(starts(k - 1) <= starts(k), "starts must not fall");
    require(starts(starts.shape(0) - 1) <= static_cast<std::int64_t>(ids.shape(0)), "starts must lie within ids");
    return firsts;
}

// A sum that grows by a row times a factor.
TICKETOPT_VERSIONS
void add_row(const std::int8_t* row, double factor, std::size_t dimension, double* sum) {
    for (std::size_t d = 0; d < dimension; ++d) sum[d] += factor * row[d];
}

}  // namespace

nb::object sums(const Rows& rows, const Scales& scales, const Numbers& pieces, const Numbers& counts,
                const Numbers& ids, const Numbers& weights, const Numbers& starts) {
    const std::vector<std::size_t> firsts = checked_firsts(rows, scales, pieces, counts, ids, starts);
    require(weights.shape(0) == ids.shape(0), "every word needs a weight");
    const std::size_t n_texts = starts.shape(0) - 1, dimension = rows.shape(1);
    std::vector<double> sums(n_texts * dimension, 0.0);
    for (std::size_t text = 0; text < n_texts; ++text) {
        double* sum = sums.data() + text * dimension;
        for (auto w = static_cast<std::size_t>(starts(text)); w < static_cast<std::size_t>(starts(text + 1)); ++w) {
            const auto word = static_cast<std::size_t>(ids(w));
            for (std::size_t k = firsts[word]; k < firsts[word + 1]; ++k) {
                const auto piece = static_cast<std::size_t>(pieces(k));
                const std::int8_t* row = rows.data() + piece * dimension;
                const double factor = static_cast<double>(weights(w)) * scales(piece);
                add_row(row, factor, dimension, sum);
            }
        }
    }
    return owned_array(std::move(sums), {n_texts, dimension});
}

}  // namespace ticketopt::text
