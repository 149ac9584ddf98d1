using System.ComponentModel.DataAnnotations;
using Exalate.Console.Hosting;
using Microsoft.AspNetCore.Components;

namespace Exalate.Console.Auth;

/// <summary>The door. Plain HTML without a circuit, so that nobody who isn't signed in can hold one.</summary>
public sealed partial class SignInPage
{
    private const int MaxPassword = 200;

    [CascadingParameter]
    public required HttpContext HttpContext { get; init; }

    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in")]
    public SignInInput Input { get; set; } = null!;

    [Inject]
    internal Entry Entry { get; init; } = null!;

    [Inject]
    internal NodeNameSource Names { get; init; } = null!;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    private string? NodeName { get; set; }

    private string? problem;
    private bool hasAdmin = true;

    protected override async Task OnInitializedAsync()
    {
        // Null on a GET: the framework fills it from a posted form alone.
        Input ??= new SignInInput();
        NodeName = await Names.GetAsync(HttpContext.RequestAborted);
        if (HttpMethods.IsPost(HttpContext.Request.Method))
            return;
        if (HttpContext.User.Identity?.IsAuthenticated == true)
            Navigation.NavigateTo(LocalUrl.OrStart(ReturnUrl));
        hasAdmin = await Entry.HasAdminAsync(HttpContext.RequestAborted);
    }

    private async Task SignInAsync()
    {
        var outcome = await Entry.SignInAsync(Input.Email.Trim(), Input.Password, Input.Remember, HttpContext.RequestAborted);
        if (outcome.IsSuccess)
        {
            Navigation.NavigateTo(LocalUrl.OrStart(ReturnUrl));
            return;
        }

        problem = outcome.Error.Sentence;
        Input.Password = "";
    }

    public sealed class SignInInput
    {
        [Required(ErrorMessage = "Enter your e-mail.")]
        [StringLength(254, ErrorMessage = "This is too long for an e-mail.")]
        public string Email { get; set; } = "";

        [Required(ErrorMessage = "Enter your password.")]
        [StringLength(MaxPassword, ErrorMessage = "This is too long for a password.")]
        public string Password { get; set; } = "";

        public bool Remember { get; set; }
    }
}
