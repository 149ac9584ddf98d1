using System.Net;
using Exalate.Core.Http;

namespace Exalate.Tests.Http;

public sealed class AddressPolicyTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("104.192.142.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::6810:84e5")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2002:808:808::1")]
    public void Allows_PublicAddress_Always(string address) => Assert.True(Policy().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.1.1")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("192.0.0.170")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%3")]
    [InlineData("fec0::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2001:0:53aa:64c::1")]
    [InlineData("2001:db8::1")]
    [InlineData("100::1")]
    public void Allows_NotPublicAddress_OnlyWhenConfigured(string address) => Assert.False(Policy().Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.0/8", "127.0.0.1", true)]
    [InlineData("127.0.0.0/8", "::ffff:127.0.0.1", true)]
    [InlineData("127.0.0.0/8", "::1", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("10.20.30.40/16", "10.20.255.1", true)]
    [InlineData("10.20.30.40/16", "10.21.0.1", false)]
    [InlineData("192.168.1.7", "192.168.1.7", true)]
    [InlineData("192.168.1.7", "192.168.1.8", false)]
    [InlineData("10.0.0.0/8", "64:ff9b::a00:1", true)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("0.0.0.0/0", "0.0.0.0", false)]
    [InlineData("0.0.0.0/0", "255.255.255.255", false)]
    [InlineData("::/0", "ff02::1", false)]
    public void Allows_ConfiguredNetwork_ThatAlone(string network, string address, bool expected) =>
        Assert.Equal(expected, Policy(network).Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("acme.example")]
    [InlineData("::1/129")]
    public void TryParse_NotANetwork_NamesTheEntry(string entry)
    {
        Assert.False(AllowedNetworks.TryParse(["10.0.0.0/8", entry], out var networks, out var problem));
        Assert.Empty(networks);
        Assert.Contains($"'{entry}'", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_PrivateAddress_SaysWhereAnAdminAllowsIt()
    {
        var sentence = AddressPolicy.Refusal("tracker.corp", IPAddress.Parse("10.0.0.5"));

        Assert.Contains("'tracker.corp' (10.0.0.5) is in a private network", sentence, StringComparison.Ordinal);
        Assert.Contains("General Settings under 'Allowed private networks', for example 10.0.0.5/32", sentence, StringComparison.Ordinal);
    }

    private static AddressPolicy Policy(params string[] networks)
    {
        Assert.True(AllowedNetworks.TryParse(networks, out var parsed, out _));
        return new AddressPolicy(new AllowedNetworks(parsed));
    }
}
