"""Addresses as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.errors import InputError
from docsfy_action.repository.addresses import (
    check_clone_url,
    redact,
    remote_of,
    runner_remote,
    same_repository,
    split_credentials,
)

WEB = [
    ("https://github.com/octo/tool", "https://github.com/octo/tool"),
    ("https://github.com/octo/tool.git", "https://github.com/octo/tool"),
    ("https://github.com/octo/tool.git/", "https://github.com/octo/tool"),
    ("https://user:pass@github.com/octo/tool.git", "https://github.com/octo/tool"),
    ("https://token@GitHub.com/octo/tool", "https://github.com/octo/tool"),
    ("git@github.com:octo/tool.git", "https://github.com/octo/tool"),
    ("github.com:octo/tool", "https://github.com/octo/tool"),
    ("git@github.com:/octo/tool.git", "https://github.com/octo/tool"),
    ("ssh://git@github.com/octo/tool.git", "https://github.com/octo/tool"),
    ("ssh://git@ssh.github.com:443/octo/tool.git", "https://github.com/octo/tool"),
    ("ssh://git@ghe.example.org:2222/octo/tool", "https://ghe.example.org/octo/tool"),
    ("https://ghe.example.org:8443/octo/tool", "https://ghe.example.org:8443/octo/tool"),
    ("http://localhost:3000/octo/tool", "http://localhost:3000/octo/tool"),
    ("git://git.kernel.org/pub/scm/git/git.git", "https://git.kernel.org/pub/scm/git/git"),
    ("git@gitlab.com:group/sub/group/tool.git", "https://gitlab.com/group/sub/group/tool"),
    ("git@bitbucket.org:team/tool.git", "https://bitbucket.org/team/tool"),
    ("https://github.com/octo/octo.github.io.git", "https://github.com/octo/octo.github.io"),
    ("https://github.com//octo//tool", "https://github.com/octo/tool"),
]
NOT_ON_THE_WEB = [
    "", "/srv/git/tool.git", "./tool", "../tool", "file:///srv/tool.git", "C:\\code\\tool", "tool", "work:octo/tool",
    "https://github.com/octo", "https://github.com/", "https://github.com/octo/..", "https://github.com/oc to/tool",
    "ext::sh -c x", "https://[bad/octo/tool", "https://h.org:99999/octo/tool", "ftp://h.org/octo/tool",
    "javascript:alert(1)", "https://dev.azure.com/org/project/_git/tool", "git@ssh.dev.azure.com:v3/org/project/tool",
    'https://h.org"onclick=x/octo/tool', "https://github.com/octo/<script>",
]  # fmt: skip


@pytest.mark.parametrize(("address", "url"), WEB)
def test_addresses_of_hosts_lead_to_the_web(address: str, url: str) -> None:
    """Every usual form of an address names the same page on the web, without credentials and without ssh ports."""
    remote = remote_of(address)
    assert remote is not None
    assert remote.url == url
    assert remote.url == f"{remote.url.partition('://')[0]}://{remote.host}/{remote.owner}/{remote.name}"


@pytest.mark.parametrize("address", NOT_ON_THE_WEB)
def test_addresses_without_a_page_on_the_web_are_none(address: str) -> None:
    """Folders, nicknames of hosts and odd addresses give no links rather than wrong ones."""
    assert remote_of(address) is None


@given(st.one_of(st.text(), st.from_regex(r"(https?|ssh|git)://.*", fullmatch=True), st.from_regex(r"\S*@\S*:\S*")))
def test_no_address_whatever_breaks_the_reading(address: str) -> None:
    """Foreign addresses never raise, and a remote that comes out is safe to be put into a page."""
    remote = remote_of(address)
    assert remote is None or not set("<>\"'@ \n") & set(remote.url)
    assert isinstance(redact(address), str)
    assert isinstance(split_credentials(address), tuple)


@pytest.mark.parametrize(
    ("server", "name"), [("https://github.com/", "octo/tool"), ("https://github.com", "octo/tool")]
)
def test_the_runner_names_its_repository(server: str, name: str) -> None:
    """GITHUB_SERVER_URL and GITHUB_REPOSITORY together are an address, with or without a closing slash."""
    remote = runner_remote(server, name)
    assert remote is not None
    assert (remote.url, remote.owner, remote.name) == ("https://github.com/octo/tool", "octo", "tool")


@pytest.mark.parametrize(
    ("server", "name"), [("", "octo/tool"), ("https://github.com", ""), ("https://h.org", "a/b/c")]
)
def test_half_of_the_runners_words_say_nothing(server: str, name: str) -> None:
    """A missing or odd variable gives no remote."""
    assert runner_remote(server, name) is None


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("git@github.com:Octo/Tool", True),
        ("git@ssh.ghe.example.org:octo/tool", True),
        ("git@github.com:octo/one", False),
    ],
)
def test_the_same_repository_is_known_whatever_the_case_and_the_host(address: str, same: bool) -> None:
    """Owners and names do not tell upper from lower case, and ssh may go to another host than the web."""
    one, other = remote_of(address), remote_of("https://github.com/octo/tool")
    assert one is not None
    assert other is not None
    assert same_repository(one, other) == same


HIDDEN = [
    ("fatal: https://user:pass@host/x not found", "fatal: https://***@host/x not found"),
    ("https://token@host/x and ssh://git@host/y", "https://***@host/x and ssh://***@host/y"),
    ("https://u:p@ss@host/x", "https://***@host/x"),
    ("https://u:pa/ss@host/x", "https://***@host/x"),
    ("https://host:8443/x@v1", "https://host:8443/x@v1"),
    ("https://host/o/r/tree/a@b", "https://host/o/r/tree/a@b"),
    ("see https://h/x?access_token=abc&y=1", "see https://h/x?access_token=***&y=1"),
    ("https://h/x?a=1&X-Amz-Signature=abc'", "https://h/x?a=1&X-Amz-Signature=***'"),
    ("no address at all", "no address at all"),
    ("the word hunter2 alone", "the word *** alone"),
]


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_messages_show_no_credentials(text: str, shown: str) -> None:
    """User information, secret parameters and known secrets are hidden; the rest stays readable."""
    assert redact(text, "hunter2", "") == shown


@pytest.mark.parametrize(
    ("url", "bare", "userinfo"),
    [
        ("https://bob:p%40ss@h.org/x", "https://h.org/x", "bob:p@ss"),
        ("https://token@h.org/x", "https://h.org/x", "token:"),
        ("https://h.org/x@y", "https://h.org/x@y", ""),
        ("git@h.org:x", "git@h.org:x", ""),
        ("ssh://git@h.org/x", "ssh://git@h.org/x", ""),
    ],
)
def test_credentials_are_split_off_http_addresses_only(url: str, bare: str, userinfo: str) -> None:
    """The user of an ssh address belongs to it; user and password of an http address are sent apart."""
    assert split_credentials(url) == (bare, userinfo)


@pytest.mark.parametrize(
    "url",
    ["https://h.org/x", " http://h.org/x ", "ssh://git@h.org:22/x", "git://h.org/x", "file:///srv/x", "git@h.org:x/y"],
)
def test_addresses_that_git_fetches_without_running_anything_pass(url: str) -> None:
    """These are given to git as they are, without blanks around them."""
    assert check_clone_url(url) == url.strip()


@pytest.mark.parametrize(
    "url",
    ["", " ", "-u", "--upload-pack=x", "ext::sh -c x", "ext::x", "fd::7", "ext://x", "/srv/x", "./x", "tool", "https://",
     "https://-x", "-x@h.org:y", "a\nb", "https://h.org/\0", "transport::https://h.org/x"],
)  # fmt: skip
def test_addresses_that_could_run_something_are_refused(url: str) -> None:
    """Options, helpers that run commands, folders and nonsense are refused with an example of what is right."""
    with pytest.raises(InputError) as failure:
        check_clone_url(url)
    assert "https://github.com/OWNER/NAME" in failure.value.hint
