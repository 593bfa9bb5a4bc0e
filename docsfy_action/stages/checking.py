"""Every page is checked, and what does not hold is healed where it can be: with facts read anew, or cut out, or withheld."""

from collections.abc import Mapping
from functools import partial

from docsfy_action.facts.reading import FactsStore
from docsfy_action.stages.desk import Desk
from docsfy_action.stages.planning import Knowledge, learn
from docsfy_action.stages.shared import Forgetful
from docsfy_action.stages.verifying import cut_back, doubtful, evidence_for, report_verdicts, verify_pages, withhold
from docsfy_action.stages.writing import Page


def checked(
    pages: Mapping[str, Page], knowledge: Knowledge, desk: Desk, facts: FactsStore
) -> tuple[Knowledge, Mapping[str, Page]]:
    """The pages to publish, and what they were made from."""
    source, run, loaded = desk.source, desk.run, desk.loaded
    verified = verify_pages(pages, knowledge, source)
    if knowledge.blobs_known and doubtful(verified, loaded):
        run.warn("Stored facts did not agree with the commit, so all files are read again.")
        knowledge = learn(source, knowledge.history, Forgetful(facts), run, knowledge.same_outline)
        pages = desk.write_again(knowledge, pages, verified.refused)
        verified = verify_pages(pages, knowledge, source)
    evidence = evidence_for(verified.pages, knowledge, source)
    again = partial(verify_pages, knowledge=knowledge, source=source)
    verified = cut_back(verified, evidence, desk.store, run, again)
    pages = withhold(verified, evidence, desk.store, loaded, run)
    report_verdicts(pages, run)
    return knowledge, pages
