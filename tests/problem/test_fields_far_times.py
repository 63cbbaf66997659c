"""Times that never come are no milliseconds."""

from __future__ import annotations

from datetime import datetime

import pytest

from ticketopt.errors import InvalidInputError
from ticketopt.problem.records import Ticket


@pytest.mark.parametrize("value", ["9999-12-31", "9999-12-31T23:59:59Z", datetime(9999, 12, 31), "6000-01-01"])
def test_a_written_time_of_another_age_is_an_error(value: object) -> None:
    with pytest.raises(InvalidInputError, match=r"due: .* is not a time from 1970"):
        Ticket(ticket_id=1, due=value)  # type: ignore[arg-type]
