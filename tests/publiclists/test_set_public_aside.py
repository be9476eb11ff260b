"""Files of another database are never served by this one."""

import pytest
from django.core.management import CommandError, call_command

from governance.models import Installation
from publiclists import publicfiles
from publiclists.models import ListChain

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, settings):
    settings.MINGSHU_PUBLIC_DIR = tmp_path / "public"
    (tmp_path / "public" / "lists").mkdir(parents=True)
    (tmp_path / "public" / "lists" / "white-1.json").write_text("{}")
    return tmp_path / "public"


def test_files_that_this_database_did_not_make_move_beside_their_folder(world, folder, capsys):
    call_command("set_public_aside")
    assert list(folder.iterdir()) == []
    [aside] = folder.parent.glob("public-before-*")
    assert (aside / "lists" / "white-1.json").read_text() == "{}"
    assert str(aside) in capsys.readouterr().out
    call_command("set_public_aside")
    assert "nothing is stale" in capsys.readouterr().out


def test_production_moves_nothing_without_being_told(world, folder):
    Installation.objects.update(kind=Installation.Kind.PRODUCTION)
    with pytest.raises(CommandError, match="--yes"):
        call_command("set_public_aside")
    assert (folder / "lists" / "white-1.json").exists()
    call_command("set_public_aside", "--yes")
    assert not (folder / "lists").exists()


def test_files_of_a_database_that_published_stay(world, folder):
    ListChain.objects.create(division_id="520121", kind="WHITE")
    assert publicfiles.set_aside() is None
    assert (folder / "lists" / "white-1.json").exists()


def test_an_empty_folder_is_left_alone(world, tmp_path, settings):
    settings.MINGSHU_PUBLIC_DIR = tmp_path / "none"
    assert publicfiles.set_aside() is None
