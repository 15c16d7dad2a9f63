"""What the pages of the office's work ask of the hub, a field for each part of that work."""

from dataclasses import dataclass

from hub.web.allocation_pages import AllocationPages
from hub.web.asset_pages import AssetPages
from hub.web.country_pages import CountryPages
from hub.web.history_pages import History
from hub.web.message_pages import MessagePages
from hub.web.need_pages import NeedPages, UpkeepPages
from hub.web.overview_pages import OverviewPages
from hub.web.paper_pages import PaperPages
from hub.web.people_pages import PersonalPages
from hub.web.repair_pages import RepairPages, RepairReads, ReportPages
from hub.web.report_pages import PeriodReportPages
from hub.web.supply_pages import SupplyPages
from hub.web.survey_pages import SurveyPages
from hub.web.table_pages import TablePages
from hub.web.trip_pages import TripPages


@dataclass(frozen=True, slots=True)
class OfficePages:
    """Each field is a Protocol that the pages of its part declare."""

    papers: PaperPages
    history: History
    supply: SupplyPages
    assets: AssetPages
    messages: MessagePages
    surveys: SurveyPages
    reports: PeriodReportPages
    repairs: RepairPages
    repair_look: RepairReads
    trips: TripPages
    needs: NeedPages
    upkeep: UpkeepPages
    allocation: AllocationPages
    stickers: ReportPages
    tables: TablePages
    overview: OverviewPages
    country: CountryPages
    personal: PersonalPages
