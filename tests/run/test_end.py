"""Whatever ends the supervisor, no process stays and no committed row is lost."""

import os
import signal
import time
import urllib.request
from collections.abc import Callable

import psycopg2


def test_serving_tells_address_password_and_accounts(product):
    process = product.run()
    told = ""
    for line in process.stdout:
        told += line
        if "Stop with Ctrl-C" in line:
            break
    assert f"http://127.0.0.1:{product.port}" in told
    assert (product.home.keys / "demo_password").read_text() in told
    assert "edu_clerk" in told
    assert "town_heshan" in told
    with urllib.request.urlopen(f"http://127.0.0.1:{product.port}/healthz") as response:
        assert response.read() == b"alive"
    assert set(product.children) == {"postgres", "valkey", "web", "worker", "beat"}
    _is_ended_in_good_order_by(signal.SIGINT, process, product)


def test_sigterm_ends_everything_in_good_order(product):
    _is_ended_in_good_order_by(signal.SIGTERM, product.serve(), product)


def _is_ended_in_good_order_by(number, process, product):
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert product.processes() == []
    assert "database system is shut down" in product.home.log("postgres").read_text()
    assert not product.home.state.exists()


def test_a_signal_in_the_middle_of_a_step_leaves_nothing(product):
    (product.root / "manage.py").write_text(
        "import time; print('at it', flush=True); time.sleep(99)"
    )
    process = product.run()
    assert any("at it" in line for line in process.stderr)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert product.processes() == []


def test_after_kill_9_nothing_stays_and_no_row_is_lost(product):
    first = product.serve()
    product.sql("CREATE TABLE kept (n int)")
    product.sql("INSERT INTO kept SELECT generate_series(1, 1000)")
    os.kill(first.pid, signal.SIGKILL)
    second = product.serve()  # at once, while the old processes still end
    assert product.sql("SELECT count(*) FROM kept") == [(1000,)]
    os.kill(second.pid, signal.SIGKILL)
    product.wait_until_gone()


def test_a_dead_child_is_started_again(product):
    product.serve()
    before = product.children
    for name in ("web", "worker", "postgres"):
        os.kill(before[name], signal.SIGKILL)
    for name in ("web", "worker", "postgres"):
        _until(lambda name=name: product.children.get(name) not in (before[name], None))
    _until(lambda: _answers_sql(product))


def _answers_sql(product) -> bool:
    try:
        return product.sql("SELECT 1") == [(1,)]
    except psycopg2.OperationalError:
        return False


def _until(holds: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)
