"""The acts of the registry; each is one transaction with its audit event."""

from institutions.services.branches import clear_branch, file_branch, set_branch
from institutions.services.certificates import (
    change_licence_status,
    correct_licence,
    record_licence,
    void_licence,
)
from institutions.services.disposals import dispose
from institutions.services.finds import quick_find
from institutions.services.guidance import begin_guidance, end_guidance, guide
from institutions.services.identity import (
    change_identity,
    clear_duplicate,
    mark_duplicate,
    void,
)
from institutions.services.members import AccessLink, bind_member, end_member, new_access_link
from institutions.services.merging import merge, undo_merge
from institutions.services.pairs import look_again, tell_apart
from institutions.services.periods import record_period, record_site_period
from institutions.services.registration import next_numbers, register_institution
from institutions.services.results import (
    correct_annual_result,
    publish_annual_results,
    record_annual_result,
    void_annual_result,
)
from institutions.services.sites import add_site, close_site, void_site
from institutions.services.walls import (
    issue_wall_token,
    reissue_wall_token,
    revoke_wall_token,
)

__all__ = [
    "AccessLink",
    "add_site",
    "begin_guidance",
    "bind_member",
    "change_identity",
    "change_licence_status",
    "clear_branch",
    "clear_duplicate",
    "close_site",
    "correct_annual_result",
    "correct_licence",
    "dispose",
    "end_guidance",
    "end_member",
    "file_branch",
    "guide",
    "issue_wall_token",
    "look_again",
    "mark_duplicate",
    "merge",
    "new_access_link",
    "next_numbers",
    "publish_annual_results",
    "quick_find",
    "record_annual_result",
    "record_licence",
    "record_period",
    "record_site_period",
    "register_institution",
    "reissue_wall_token",
    "revoke_wall_token",
    "set_branch",
    "tell_apart",
    "undo_merge",
    "void",
    "void_annual_result",
    "void_licence",
    "void_site",
]
