using System.Text;
using Exalate.Core.Peers.Signing;

namespace Exalate.Tests.Peers;

public sealed class SigningTests
{
    private static readonly PeerKey Key = new("0f8fad5b-d9cb-469f-a165-70867728950e", Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"));

    /// <summary>RFC 9421, appendix B.2.5: signing a request using hmac-sha256.</summary>
    [Fact]
    public void Sign_TheRequestOfTheRfc_GivesTheSignatureOfTheRfc()
    {
        var input = StructuredFields.ReadSignatureInputs("sig-b25=(\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"")!["sig-b25"];
        var text = HttpSignature.Base(input, name => name switch
        {
            "date" => "Tue, 20 Apr 2021 02:07:55 GMT",
            "@authority" => "example.com",
            "content-type" => "application/json",
            _ => null,
        });
        Assert.Equal(
            "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@authority\": example.com\n\"content-type\": application/json\n"
            + "\"@signature-params\": (\"date\" \"@authority\" \"content-type\");created=1618884473;keyid=\"test-shared-secret\"",
            text);
        var secret = Convert.FromBase64String("uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==");
        Assert.Equal("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=", Convert.ToBase64String(HttpSignature.Sign(text!, secret)));
    }

    /// <summary>RFC 9530, appendix D: the digest of {"hello": "world"} and a line feed.</summary>
    [Fact]
    public void Digest_OfTheRfcsContent_IsTheRfcsDigest()
    {
        var digest = ContentDigest.Of("{\"hello\": \"world\"}\n"u8);
        Assert.Equal("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:", digest);
        Assert.Equal(32, ContentDigest.Read("sha-512=:AAAA:, " + digest)!.Length);
    }

    [Theory]
    [InlineData("exalate=(\"@method\");created=1")]
    [InlineData("  exalate=(  \"@method\"   \"@path\"  );created=1;nonce=\"a \\\" b \\\\ c\"")]
    [InlineData("a=(\"x\"),\texalate=();keyid=\"y\"")]
    public void Read_WellFormed_IsRead(string field) => Assert.Contains("exalate", StructuredFields.ReadSignatureInputs(field)!.Keys);

    [Theory]
    [InlineData("")]
    [InlineData("exalate")]
    [InlineData("exalate=")]
    [InlineData("exalate=(")]
    [InlineData("exalate=(\"@method\"")]
    [InlineData("exalate=(@method)")]
    [InlineData("exalate=(\"@method\"\"@path\")")]
    [InlineData("exalate=(\"@method\" \"@method\")")]
    [InlineData("exalate=(\"@method\";req)")]
    [InlineData("exalate=(\"@method\");created")]
    [InlineData("exalate=(\"@method\");created=1;created=2")]
    [InlineData("exalate=(\"@method\");created=1.5")]
    [InlineData("exalate=(\"@method\");created=99999999999999999999")]
    [InlineData("exalate=(\"@method\");nonce=abc")]
    [InlineData("exalate=(\"@method\");nonce=\"a")]
    [InlineData("exalate=(\"@method\");nonce=\"a\\b\"")]
    [InlineData("exalate=(\"@method\");nonce=\"\u00e9\"")]
    [InlineData("exalate=(\"@method\"), exalate=(\"@path\")")]
    [InlineData("exalate=(\"@method\"),")]
    [InlineData("exalate=(\"@method\") x")]
    [InlineData("Exalate=(\"@method\")")]
    public void Read_Malformed_IsRefused(string field) => Assert.Null(StructuredFields.ReadSignatureInputs(field));

    [Theory]
    [InlineData("exalate=:AAAA")]
    [InlineData("exalate=AAAA")]
    [InlineData("exalate=:AA AA:")]
    [InlineData("exalate=:!!!!:")]
    [InlineData("exalate=:AAAA:, exalate=:BBBB:")]
    public void ReadBytes_Malformed_IsRefused(string field) => Assert.Null(StructuredFields.ReadByteSequences(field));

    [Fact]
    public void SignRequest_LooksAsDocumented()
    {
        var headers = PeerSignature.SignRequest("POST", "/peer/v1/connections/x/requests?a=1", ContentDigest.Of("{}"u8), "node-b", Key, 1772366400, "nonce-of-22-characters");
        Assert.Equal(
            "exalate=(\"@method\" \"@path\" \"@query\" \"content-digest\" \"exalate-recipient\");created=1772366400;nonce=\"nonce-of-22-characters\";"
            + "keyid=\"0f8fad5b-d9cb-469f-a165-70867728950e\";alg=\"hmac-sha256\";tag=\"exalate-peer-v1-request\"",
            headers["signature-input"]);
        Assert.Equal("exalate=:TbI7ky5NIzWZINq9SC8L8dklQ46BGc8puNhm6196Vrs=:", headers["signature"]);
        Assert.True(Verify(headers, "POST", "/peer/v1/connections/x/requests?a=1"));
    }

    [Theory]
    [InlineData("PUT", "/path?a=1")]
    [InlineData("POST", "/other?a=1")]
    [InlineData("POST", "/path?a=2")]
    [InlineData("POST", "/path")]
    public void VerifyRequest_AnotherTarget_Fails(string method, string target)
    {
        var headers = PeerSignature.SignRequest("POST", "/path?a=1", ContentDigest.Of("{}"u8), "node-b", Key, 1, "nonce-of-22-characters");
        Assert.False(Verify(headers, method, target));
        Assert.True(Verify(headers, "POST", "/path?a=1"));
    }

    [Theory]
    [InlineData("content-digest")]
    [InlineData("exalate-recipient")]
    public void VerifyRequest_HeaderChangedOrGone_Fails(string name)
    {
        var headers = PeerSignature.SignRequest("GET", "/path", ContentDigest.Of(""u8), "node-b", Key, 1, "nonce-of-22-characters").ToDictionary();
        headers[name] += "x";
        Assert.False(Verify(headers, "GET", "/path"));
        headers.Remove(name);
        Assert.False(Verify(headers, "GET", "/path"));
    }

    [Theory]
    [InlineData("hmac-sha256", "none")]
    [InlineData("exalate-peer-v1-request", "exalate-peer-v1-answer")]
    [InlineData("\"@query\" ", "")]
    [InlineData("\"content-digest\" ", "")]
    [InlineData(" \"exalate-recipient\"", "")]
    [InlineData("\"@method\"", "\"@scheme\"")]
    [InlineData("nonce=\"nonce-of-22-characters\"", "nonce=\"short\"")]
    [InlineData(";nonce=\"nonce-of-22-characters\"", "")]
    [InlineData("created=1;", "")]
    [InlineData("created=1;", "created=1;expires=2;")]
    public void Read_WithoutWhatMustBeCovered_IsRefused(string part, string instead)
    {
        var headers = PeerSignature.SignRequest("GET", "/path", ContentDigest.Of(""u8), "node-b", Key, 1, "nonce-of-22-characters").ToDictionary();
        Assert.Contains(part, headers["signature-input"]);
        headers["signature-input"] = headers["signature-input"].Replace(part, instead);
        Assert.Null(PeerSignature.Read(headers, PeerSignature.RequestTag, PeerSignature.RequestComponents));
    }

    [Fact]
    public void VerifyAnswer_FitsItsRequestStatusAndKeyAlone()
    {
        var headers = PeerSignature.SignAnswer(202, ContentDigest.Of("{}"u8), Key, 1, "nonce-of-22-characters");
        Assert.True(PeerSignature.VerifyAnswer(202, headers, Key, "nonce-of-22-characters"));
        Assert.False(PeerSignature.VerifyAnswer(200, headers, Key, "nonce-of-22-characters"));
        Assert.False(PeerSignature.VerifyAnswer(202, headers, Key, "nonce-of-another-request"));
        Assert.False(PeerSignature.VerifyAnswer(202, headers, Key with { Id = "other" }, "nonce-of-22-characters"));
        Assert.False(PeerSignature.VerifyAnswer(202, headers, Key with { Secret = new byte[32] }, "nonce-of-22-characters"));
    }

    private static bool Verify(IReadOnlyDictionary<string, string> headers, string method, string target) =>
        PeerSignature.Read(headers, PeerSignature.RequestTag, PeerSignature.RequestComponents) is { } signed
        && PeerSignature.VerifyRequest(signed, method, target, headers, Key.Secret);
}
