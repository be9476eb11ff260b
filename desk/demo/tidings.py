"""What the county tells the public: of the lists, of fees; one notice is over, one a draft."""

import datetime as dt

from desk.demo.county import COUNTY
from desk.demo.days import Scene
from desk.demo.steps import Stage
from governance import notices
from governance.models import Division, Notice

Kind = Notice.Kind
LISTS = (
    "关于公布全县校外培训机构名单（第二批）的公告",
    "Public notice of the second batch of the lists of training institutions",
    "根据校外培训治理有关规定，经公示、复核和集体研究，现将第二批白名单予以公布，"
    "并同时公布仍在有效期内的黑名单。群众可在“名单”页面查询、核验和下载；"
    "对名单内容有异议的，请与县教育局联系。",
    "The second batch of the white list is published after notice, review and decision, together "
    "with the black list in force. Everybody can search, verify and download both lists; "
    "objections are taken by the county education bureau.",
)
FEES = (
    "关于预收费实行资金监管的提醒",
    "Reminder: prepaid fees are kept in custody",
    "请家长通过监管账户缴费，单次缴费不超过三个月或六十课时，并索取发票和合同。",
    "Please pay into accounts in custody, for no more than three months or sixty lessons at a "
    "time, and ask for an invoice and a contract.",
)
SUMMER = (
    "暑期培训机构专项检查安排",
    "Inspections of training institutions during the holidays",
    "专项检查期间，各机构应配合检查人员查验证照、收费和消防情况。",
    "Institutions are asked to assist the officers who check papers, fees and fire safety.",
)
WINTER = (
    "下一阶段校外培训治理工作要点（征求意见稿）",
    "Main tasks of the coming months (draft for comment)",
    "请各成员单位于十日内反馈意见。",
    "Members of the leading group are asked for their comments within ten days.",
)


def tidings(stage: Stage) -> list[Scene]:
    ago = stage.ago
    return [
        _told(stage, ago(28), Kind.PUBLIC_NOTICE, LISTS, until=None),
        _told(stage, ago(15), Kind.ANNOUNCEMENT, FEES, until=stage.ago(-45)),
        _told(stage, ago(70), Kind.ANNOUNCEMENT, SUMMER, until=None, ended=ago(20)),
        _drafted(stage, ago(1), WINTER),
    ]


def _told(
    stage: Stage,
    day: dt.date,
    kind: str,
    texts: tuple[str, str, str, str],
    *,
    until: dt.date | None,
    ended: dt.date | None = None,
) -> Scene:
    """Written by the clerk, published by the leader, perhaps ended before its time."""
    yield day
    leader = stage.county["edu_leader"]
    notice = _draft(stage, kind, texts)
    notices.publish(notice, by=leader, version=notice.version, until=until)
    if ended:
        yield ended
        notices.end(notice, by=leader, version=notice.version, reason="专项检查已经结束")


def _drafted(stage: Stage, day: dt.date, texts: tuple[str, str, str, str]) -> Scene:
    yield day
    _draft(stage, Kind.ANNOUNCEMENT, texts)


def _draft(stage: Stage, kind: str, texts: tuple[str, str, str, str]) -> Notice:
    title_zh, title_en, body_zh, body_en = texts
    return notices.draft(
        kind=kind,
        division=Division.objects.get(pk=COUNTY),
        by=stage.county["edu_clerk"],
        title_zh=title_zh,
        body_zh=body_zh,
        title_en=title_en,
        body_en=body_en,
    )
