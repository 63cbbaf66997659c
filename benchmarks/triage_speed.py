"""How fast tickets are read: `python -m benchmarks.triage_speed [--tickets 10000] [--skills 200] [--words 60]`.

The tickets are drawn at random, with a seed, from the words of the lexicon and from made-up ones, three to one, which
is denser than any real ticket; the skills are names of the lexicon's concepts. Prints the median processor time of some
rounds, each with words that were never seen before, and the peak memory of the process.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Sequence
from random import Random
from statistics import median
from string import ascii_lowercase
from time import process_time

from ticketopt import Ticket
from ticketopt.triage import read_tickets
from ticketopt.triage.lexicon_file import default_lexicon

_MADE_UP = 0.25  # share of words that no lexicon has


def draw(random: Random, vocabulary: Sequence[str], *, tickets: int, words: int) -> list[Ticket]:
    """Tickets of random words, in sentences of ten."""
    drawn = []
    for number in range(tickets):
        text = [_made_up(random) if random.random() < _MADE_UP else random.choice(vocabulary) for _ in range(words)]
        sentences = [" ".join(text[k : k + 10]) for k in range(5, words, 10)]
        drawn.append(Ticket(ticket_id=str(number), title=" ".join(text[:5]), description=". ".join(sentences)))
    return drawn


def _made_up(random: Random) -> str:
    return "".join(random.choices(ascii_lowercase, k=random.randint(3, 10)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the time per ticket."""
    parser = argparse.ArgumentParser(prog="benchmarks.triage_speed", description="How fast tickets are read.")
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--skills", type=int, default=200)
    parser.add_argument("--words", type=int, default=60, help="per ticket")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    concepts = default_lexicon().concepts
    names = [concept.names[0] for concept in concepts]
    vocabulary = [
        w for c in concepts for phrase in (*c.names, *c.sure, *c.words) for w in phrase.split() if w.isalpha()
    ]
    random = Random(0)
    skills = random.sample(sorted(set(names)), options.skills)
    seconds = []
    for _ in range(options.rounds):
        tickets = draw(random, vocabulary, tickets=options.tickets, words=options.words)
        start = process_time()
        read_tickets(tickets, skills=skills, now=0.0)
        seconds.append(process_time() - start)
    typical = median(seconds)
    print(f"{options.tickets:,} tickets of {options.words} words x {options.skills} skills: {typical:.1f} s,", end=" ")
    print(f"{1e6 * typical / options.tickets:,.0f} us per ticket (median of {options.rounds} rounds),", end=" ")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most, tickets and readings included")


if __name__ == "__main__":
    main()
