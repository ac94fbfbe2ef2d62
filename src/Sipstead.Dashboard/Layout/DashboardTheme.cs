using MudBlazor;

namespace Sipstead.Dashboard.Layout;

/// <summary>The one visual language of all pages: colours of both modes, type and shapes.</summary>
internal static class DashboardTheme
{
    private static readonly string[] Sans = ["Inter", "Segoe UI", "Roboto", "Helvetica Neue", "DejaVu Sans", "Arial", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0f5f8c", Secondary = "#7a4bb8", Tertiary = "#0b7a5e", Info = "#0b6e99", Success = "#1b7f4b", Warning = "#9a5b00", Error = "#b3261e",
            Background = "#f5f7fa", Surface = "#ffffff", AppbarBackground = "#ffffff", AppbarText = "#16212c",
            DrawerBackground = "#12212f", DrawerText = "#d5dfe8", DrawerIcon = "#9fb3c4", TextPrimary = "#16212c", TextSecondary = "#4a5a69",
            ActionDefault = "#4a5a69", LinesDefault = "#dde4ea", LinesInputs = "#8795a3", TableLines = "#e4eaef", TableHover = "#eef3f7",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#5fb4e6", Secondary = "#c3a2f0", Tertiary = "#5fd0ae", Info = "#62bde0", Success = "#63c990", Warning = "#e5ac55", Error = "#f28b82",
            PrimaryContrastText = "#0a1823", ErrorContrastText = "#2b0705", Background = "#0e161e", Surface = "#16212c", AppbarBackground = "#16212c", AppbarText = "#e6edf3",
            DrawerBackground = "#0a1119", DrawerText = "#d5dfe8", DrawerIcon = "#9fb3c4", TextPrimary = "#e6edf3", TextSecondary = "#a9b8c6",
            ActionDefault = "#a9b8c6", LinesDefault = "#2a3845", LinesInputs = "#5f7182", TableLines = "#24313d", TableHover = "#1d2a36",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans, FontSize = ".9rem", LineHeight = "1.5" },
            H1 = new H1Typography { FontFamily = Sans, FontSize = "1.5rem", FontWeight = "650", LineHeight = "1.3" },
            H2 = new H2Typography { FontFamily = Sans, FontSize = "1.1rem", FontWeight = "600", LineHeight = "1.4" },
            H3 = new H3Typography { FontFamily = Sans, FontSize = "1rem", FontWeight = "600", LineHeight = "1.4" },
            Button = new ButtonTypography { FontFamily = Sans, TextTransform = "none", FontWeight = "550", FontSize = ".875rem" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "232px", AppbarHeight = "56px" },
    };
}
