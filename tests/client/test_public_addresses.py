"""Addresses of the public internet, and all others."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.client.public_addresses import is_public


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "172.32.0.1", "192.169.0.1", "2606:4700::1111"])
def test_a_public_address_may_be_connected_to(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
        "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:0:7f00:1::",
        "2001:db8::1",
        "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "5f00::1", "3fff::1",
        "2606:4700::1111%lo",
        "", "example.com", "1.1.1", "0x7f.1", "2130706433", "1.1.1.1 ", "[::1]",
    ],
)  # fmt: skip
def test_no_other_address_is(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_within_another_is_never_reached_by_it(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for around in (0xFFFF << 32, 0, 0x64FF9B << 96, 0x2002 << 112 | number << 48):
        assert not is_public(str(ipaddress.IPv6Address(around | number)))


@given(st.ip_addresses())
def test_what_is_public_is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert address.is_global or not is_public(str(address))
