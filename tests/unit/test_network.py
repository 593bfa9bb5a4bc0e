"""Requests of the program: proxies, pauses, and addresses that are none."""

from urllib.parse import urlsplit

import pytest

from docsfy_action.network import Call, Network, Retries, Unreachable, proxy_for


@pytest.mark.parametrize(
    ("environ", "url", "proxy"),
    [
        ({}, "https://a.example", ""),
        ({"HTTPS_PROXY": "http://proxy:3128"}, "https://a.example", "http://proxy:3128"),
        ({"https_proxy": "proxy:3128"}, "https://a.example", "http://proxy:3128"),
        ({"HTTPS_PROXY": "http://proxy"}, "http://a.example", ""),
        ({"HTTP_PROXY": "http://proxy"}, "http://a.example", "http://proxy"),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "*"}, "https://a.example", ""),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "b.example, .a.example"}, "https://x.a.example", ""),
        ({"HTTPS_PROXY": "http://p", "no_proxy": "a.example:8443"}, "https://a.example:8443", ""),
        ({"HTTPS_PROXY": "http://p", "no_proxy": "a.example:8443"}, "https://a.example", "http://p"),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "example"}, "https://notexample", "http://p"),
        ({"HTTPS_PROXY": "http://p", "NO_PROXY": "::1,[::1]"}, "https://[::1]/", ""),
    ],
)
def test_proxies_are_those_of_the_environment(environ: dict[str, str], url: str, proxy: str) -> None:
    """As other programs read it."""
    assert proxy_for(urlsplit(url), environ) == proxy


def test_pauses_grow_as_the_toolkit_s() -> None:
    """3 s, then at least half as long again each time, and less than the one after."""
    retries = Retries()
    assert [retries.seconds(attempt, 0) for attempt in range(4)] == [3.0, 4.5, 6.75, 10.125]
    assert [retries.seconds(attempt, 1) for attempt in range(4)] == [3.0, 6.75, 10.125, 15.1875]


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://a/b", "https://", "http://[", "http://a:99999/"])
def test_only_addresses_of_http_are_used(url: str) -> None:
    """Whatever somebody calls an address; it is no use to try again."""
    found = Network({}).send(Call(method="GET", url=url), Retries())
    assert found == Unreachable(reason="its address is not one of http or https", worth_retrying=False)


def test_a_call_does_not_show_its_secrets() -> None:
    """Addresses, headers and bodies stay out of tracebacks and logs."""
    call = Call(method="GET", url="https://a.example/?sig=secret", headers={"Authorization": "secret"}, body=b"secret")
    assert "secret" not in repr(call)
