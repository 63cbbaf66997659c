// How a long computation is stopped: the caller hands in a question, the computation asks it now and then.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <utility>

namespace ticketopt {

// Whether the computation must end: its time is over, the user interrupts it, or the caller wants no more.
using IsStopped = std::function<bool()>;

// Thrown out of a computation that must end and has no answer yet.
struct Stopped : std::exception {
    const char* what() const noexcept override { return "stopped"; }
};

// Adds up work and asks whenever enough of it has been done.
class WorkCounter {
public:
    explicit WorkCounter(IsStopped is_stopped = {}) : is_stopped_(std::move(is_stopped)) {}
    void add(std::ptrdiff_t work) {
        work_ += work;
        if (work_ < kBetweenQuestions) return;
        work_ = 0;
        if (is_stopped_ && is_stopped_()) throw Stopped{};
    }

private:
    static constexpr std::ptrdiff_t kBetweenQuestions = std::ptrdiff_t{1} << 21;  // entries of a row: about 1 ms
    std::ptrdiff_t work_ = 0;
    IsStopped is_stopped_;
};

}  // namespace ticketopt
