using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exalate.Console.Hosting;

namespace Exalate.Tests.Console.Host;

/// <summary>HTTPS by the node itself, or by a proxy before it.</summary>
public sealed class Encrypted
{
    [Fact]
    public async Task A_configured_certificate_serves_https_and_makes_cookies_secure()
    {
        var folder = TemporaryFolder.Make();
        try
        {
            var file = Path.Combine(folder, "node.pfx");
            await File.WriteAllBytesAsync(file, Certificate("secret-4"));
            await using var node = NodeHost.Build(HostedNode.Options(
                Path.Combine(folder, "data"),
                new() { ["Kestrel:Certificates:Default:Path"] = file, ["Kestrel:Certificates:Default:Password"] = "secret-4" },
                new RecordedLog()) with { Urls = ["https://127.0.0.1:0"] });
            await node.StartAsync(CancellationToken.None);

            using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate!.Subject == "CN=node", UseCookies = false });
            using var response = await http.GetAsync(node.Url + "/sign-in");

            Assert.StartsWith("https://", node.Url);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.All(response.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; secure", cookie));
        }
        finally
        {
            TemporaryFolder.Remove(folder);
        }
    }

    [Theory]
    [InlineData(null, "An https:// address needs a certificate.")]
    [InlineData("/no/such/file.pfx", "The certificate for HTTPS can't be read:")]
    public async Task A_missing_certificate_is_a_sentence(string? file, string sentence)
    {
        var folder = TemporaryFolder.Make();
        try
        {
            await using var node = NodeHost.Build(
                HostedNode.Options(folder, new() { ["Kestrel:Certificates:Default:Path"] = file }, new RecordedLog()) with { Urls = ["https://127.0.0.1:0"] });
            var problem = await Assert.ThrowsAsync<StartupException>(() => node.StartAsync(CancellationToken.None));

            Assert.StartsWith(sentence, problem.Message);
        }
        finally
        {
            TemporaryFolder.Remove(folder);
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "https://exalate.acme.example/sign-in?returnUrl=%2F")]
    [InlineData("10.1.2.3", null)]
    [InlineData("", null)]
    public async Task Forwarded_headers_count_only_from_a_trusted_proxy(string trusted, string? location)
    {
        await using var node = await HostedNode.StartAsync(new() { ["Exalate:Proxy:Trusted"] = trusted });
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, node.Url + "/");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "exalate.acme.example");

        using var response = await http.SendAsync(request);

        Assert.Equal(location ?? node.Url + "/sign-in?returnUrl=%2F", response.Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("http://localhost:5080", false)]
    [InlineData("http://127.0.0.1:5080", false)]
    [InlineData("http://[::1]:5080", false)]
    [InlineData("https://0.0.0.0:443", false)]
    [InlineData("http://0.0.0.0:5080", true)]
    [InlineData("http://[::]:5080", true)]
    [InlineData("http://192.168.1.4:5080", true)]
    public void Plain_http_is_warned_of_where_others_can_reach_it(string address, bool warned) =>
        Assert.Equal(warned, ListenAddress.IsOpenAndPlain(address));

    private static byte[] Certificate(string password)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        return certificate.Export(X509ContentType.Pkcs12, password);
    }
}
