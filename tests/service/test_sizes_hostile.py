"""Hostile bodies: each is answered, and the service's own process stays small."""

import random
import re
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.slow(about=60)

MOST = 1_000_000
CAP_MB = 700


def small(seed):
    """Few bytes, many units."""
    rng = random.Random(seed)
    efforts = [MOST, MOST - seed, 1, MOST // 2]
    agents = [
        {
            "agent_id": f"a{k}",
            "capacity": rng.choice([MOST, MOST - k, None]),
            "current_load": rng.choice([0, MOST // 2]),
        }
        for k in range(rng.randint(1, 6))
    ]
    tickets = [
        {"ticket_id": f"t{k}", "effort": rng.choice(efforts), **({"together": "g"} if rng.random() < 0.2 else {})}
        for k in range(rng.randint(2, 9))
    ]
    return {"agents": agents, "tickets": tickets}


def large():
    """Many bytes, or much to make of them."""
    agents = [{"agent_id": k, "capacity": 5} for k in range(5_000)]
    tickets = [{"ticket_id": k} for k in range(20_000)]
    yield {"agents": agents[:4_000], "tickets": tickets[:4_000]}
    yield {"agents": agents[:2_000], "tickets": tickets[:2_400]}
    yield {"agents": agents * 2, "tickets": []}
    yield {"agents": [], "tickets": [], **{f"key {k}": k for k in range(600_000)}}
    yield {
        "agents": agents[:3],
        "tickets": [{"ticket_id": k, **{f"{k}-{j}": 1 for j in range(150)}} for k in range(4_000)],
    }
    yield {"agents": agents[:3], "tickets": [{**t, "excluded_agents": list(range(900))} for t in tickets[:3_000]]}
    yield {"agents": agents[:3], "tickets": [{**t, "excluded_agents": ["x"] * 2_000} for t in tickets[:1_000]]}
    yield {"agents": agents[:3], "tickets": [{"ticket_id": 1, "title": "x" * 15_000_000}]}
    yield {"agents": agents[:9], "tickets": [{"ticket_id": 1, "skills": {f"s{k}": 1 for k in range(900)}}] * 900}
    yield [[]] * 2_000_000


def peak_mb(process):
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())[1]) // 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
def test_hostile_bodies_leave_the_service_small(running, seeds):
    with (
        running(store="memory:", solver_processes=2, time_limit=1, tenants=["*"]) as service,
        httpx.Client(base_url=service.url, timeout=120) as client,
    ):
        for k, body in enumerate([*map(small, seeds(25, 50)), *large()]):
            answer = client.post("/v1/ticket-assignment", json=body, headers={"X-Tenant": f"t{k}"})
            assert answer.status_code in (200, 413, 422), (k, answer.text[:300])
            assert len(answer.content) < 16 * 2**20, k
            assert peak_mb(service.process) < CAP_MB, k
        assert client.get("/readyz").status_code == 200
