using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Components;

namespace Exalate.Console.Auth;

/// <summary>Where the link from the log leads while the node has no admin.</summary>
public sealed partial class SetupPage
{
    private const int MaxPassword = 200;

    [CascadingParameter]
    public required HttpContext HttpContext { get; init; }

    [SupplyParameterFromQuery]
    public string? Token { get; set; }

    [SupplyParameterFromForm(FormName = "setup")]
    public SetupInput Input { get; set; } = null!;

    [Inject]
    internal Entry Entry { get; init; } = null!;

    [Inject]
    internal SetupLink Link { get; init; } = null!;

    [Inject]
    internal FirstAdmin FirstAdmin { get; init; } = null!;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    private string? problem;
    private string? refusal;

    protected override async Task OnInitializedAsync()
    {
        // Null on a GET: the framework fills it from a posted form alone.
        Input ??= new SetupInput();
        if (await Entry.HasAdminAsync(HttpContext.RequestAborted))
            refusal = "This node has an admin already. Sign in instead.";
        else if (!Link.Accepts(Token))
            refusal = RefuseToken();
    }

    private string RefuseToken()
    {
        if (!Link.IsExpired)
            return "This set-up link is not valid. Copy the whole link from the node's log; a restart of the node makes a new one.";
        FirstAdmin.PrintLink();
        return "This set-up link has expired. A new one stands in the node's log now.";
    }

    private async Task SetUpAsync()
    {
        if (refusal is not null)
            return;
        var outcome = await Entry.SetUpAsync(Token, Input.Email.Trim(), Input.Password, HttpContext.RequestAborted);
        if (outcome.IsSuccess)
            Navigation.NavigateTo("/");
        else
            problem = outcome.Error.Sentence;
    }

    public sealed class SetupInput
    {
        [Required(ErrorMessage = "Enter your e-mail.")]
        [StringLength(254, ErrorMessage = "This is too long for an e-mail.")]
        public string Email { get; set; } = "";

        [Required(ErrorMessage = "Choose a password.")]
        [StringLength(MaxPassword, ErrorMessage = "This is too long for a password.")]
        public string Password { get; set; } = "";

        [Compare(nameof(Password), ErrorMessage = "The two passwords differ.")]
        public string Repeated { get; set; } = "";
    }
}
