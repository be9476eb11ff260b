"""One run.py per folder; commands use the servers of the one that runs."""

import signal
import socket

from launcher import freshness
from launcher.register import taken


def test_a_second_one_is_told_who_runs(product):
    with taken(product.home, "http://127.0.0.1:8000"):
        second = product.run()
        _out, told = second.communicate(timeout=30)
    assert second.returncode == 1
    assert "already running in this folder: http://127.0.0.1:8000" in told


def test_the_folder_is_free_again_after_the_end(product):
    for _again in range(2):
        with taken(product.home, "serve"):
            pass
    assert not product.home.state.exists()


def test_a_taken_port_is_named_with_the_way_out(product):
    with socket.create_server(("127.0.0.1", product.port)):
        process = product.run()
        _out, told = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"Port {product.port} cannot be used" in told
    assert f"PORT={product.port + 1}" in told


def test_manage_starts_servers_sets_up_once_and_leaves_nothing(product):
    out, err = product.run("manage", "hello", "--json").communicate(timeout=60)
    assert out.startswith("hello --json postgres:///mingshu")
    assert "setup --demo" in err
    out, err = product.run("manage", "hello").communicate(timeout=60)
    assert out.startswith("hello postgres:///mingshu")
    assert "setup" not in err
    assert product.processes() == []


def test_manage_uses_the_servers_that_run(product):
    with taken(product.home, "serve") as holder:
        holder.note(DATABASE_URL="postgres:///theirs", REDIS_URL="redis://theirs")
        out, _err = product.run("manage", "hello").communicate(timeout=30)
    assert out == "hello postgres:///theirs\n"


def test_manage_waits_for_a_database_that_is_being_set_up(product):
    with taken(product.home, "serve") as holder:
        process = product.run("manage", "hello")
        assert "waiting for its database" in process.stderr.readline()
        holder.note(DATABASE_URL="postgres:///theirs", REDIS_URL="redis://theirs")
        out, _err = process.communicate(timeout=30)
    assert out == "hello postgres:///theirs\n"


def test_the_exit_code_of_a_command_is_ours(product):
    (product.root / "manage.py").write_text("import sys; sys.exit(3 if sys.argv[1] == 'x' else 0)")
    with taken(product.home, "serve") as holder:
        holder.note(DATABASE_URL="postgres:///theirs", REDIS_URL="redis://theirs")
        process = product.run("manage", "x")
        process.communicate(timeout=30)
    assert process.returncode == 3


def test_sigterm_reaches_a_command_in_the_foreground(product):
    (product.root / "manage.py").write_text("import time; print('up', flush=True); time.sleep(60)")
    with taken(product.home, "serve") as holder:
        holder.note(DATABASE_URL="postgres:///theirs", REDIS_URL="redis://theirs")
        process = product.run("manage", "x")
        assert process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert product.processes() == []


def test_servers_are_kept_until_the_last_borrower_is_done(product):
    product.home.prepare()
    (product.root / "manage.py").write_text(
        "import os, sys, time\n"
        "print('up', flush=True)\n"
        "if sys.argv[1] == 'long': time.sleep(3); print('done')\n"
    )
    owner = product.run("manage", "short")
    assert owner.stdout.readline() == "up\n"
    borrower = product.run("manage", "long")
    out, _err = borrower.communicate(timeout=30)
    assert out == "up\ndone\n"


def test_a_set_up_is_due_only_when_something_changed(product):
    product.home.postgres.mkdir(parents=True)
    env = {"MINGSHU_DEMO_PASSWORD": "one"}

    def due(env=env):
        return not freshness.same_code(product.layout, product.home, env)

    assert due()
    freshness.note(product.layout, product.home, env)
    (product.root / "config" / "made.mo").write_text("")
    assert not due()
    assert due({"MINGSHU_DEMO_PASSWORD": "two"})
    (product.root / "config" / "more.py").write_text("")
    assert due()
    assert freshness.same_tables(product.layout, product.home)
    (product.root / "config" / "migrations").mkdir()
    (product.root / "config" / "migrations" / "0001_initial.py").write_text("")
    assert not freshness.same_tables(product.layout, product.home)
