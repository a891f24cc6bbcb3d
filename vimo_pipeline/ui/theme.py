"""Colours, type and spacing of the demo: warm paper by day, slate by night, one teal accent."""

from pathlib import Path

import gradio as gr
from gradio.themes.utils import colors, sizes

STYLE = Path(__file__).parent / "style.css"
# Fonts that every system has: nothing is downloaded.
SYSTEM_FONTS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "sans-serif")
MONO_FONTS = ("ui-monospace", "SFMono-Regular", "Consolas", "monospace")

_BY_DAY_AND_NIGHT = {
    "body_background_fill": ("#f6f5f1", "#0f1318"),
    "body_text_color": ("#27313a", "#e6ebef"),
    "body_text_color_subdued": ("#5f6b75", "#9aa7b2"),
    "background_fill_primary": ("#ffffff", "#171d24"),
    "background_fill_secondary": ("#f1f1ed", "#1d242c"),
    "block_background_fill": ("#ffffff", "#171d24"),
    "block_border_color": ("#e2e3df", "#2a333d"),
    "border_color_primary": ("#dcdedb", "#323c47"),
    "block_shadow": ("0 1px 2px rgb(30 45 55 / 0.05)", "none"),
    "block_label_background_fill": ("#ffffff", "#171d24"),
    "block_label_text_color": ("*body_text_color_subdued", "*body_text_color_subdued"),
    "block_title_text_color": ("*body_text_color", "*body_text_color"),
    "block_info_text_color": ("*body_text_color_subdued", "*body_text_color_subdued"),
    "input_background_fill": ("#fafaf8", "#11161c"),
    "link_text_color": ("#0f766e", "#4cc9b8"),
    "link_text_color_hover": ("#0b5f59", "#6dd9cb"),
    "link_text_color_visited": ("#0f766e", "#4cc9b8"),
    "link_text_color_active": ("#0b5f59", "#6dd9cb"),
    "color_accent_soft": ("#d7ece8", "#16322f"),
    "slider_color": ("#0f766e", "#4cc9b8"),
    "loader_color": ("#0f766e", "#4cc9b8"),
    "button_primary_background_fill": ("#0f766e", "#4cc9b8"),
    "button_primary_background_fill_hover": ("#0b5f59", "#6dd9cb"),
    "button_primary_text_color": ("#ffffff", "#0c1a1a"),
    "button_secondary_background_fill": ("#ffffff", "#1d242c"),
    "button_secondary_background_fill_hover": ("#eef3f1", "#26303a"),
    "button_secondary_border_color": ("#dcdedb", "#323c47"),
    "table_even_background_fill": ("#ffffff", "#171d24"),
    "table_odd_background_fill": ("#fafaf8", "#1d242c"),
    "table_border_color": ("#dcdedb", "#323c47"),
}
_ALWAYS = {
    "block_border_width": "1px",
    "block_label_border_width": "0px",
    "block_title_text_weight": "600",
    "color_accent": "#0f766e",
    "button_border_width": "1px",
    "layout_gap": "16px",
}


def vimo_theme() -> gr.themes.Base:
    """The theme for `launch(theme=...)`; what a theme cannot say is in style.css."""
    theme = gr.themes.Base(
        primary_hue=colors.teal,
        neutral_hue=colors.slate,
        radius_size=sizes.radius_lg,
        text_size=sizes.text_md,
        font=SYSTEM_FONTS,
        font_mono=MONO_FONTS,
    )
    day = {name: light for name, (light, _) in _BY_DAY_AND_NIGHT.items()}
    night = {f"{name}_dark": dark for name, (_, dark) in _BY_DAY_AND_NIGHT.items()}
    return theme.set(**_ALWAYS, **day, **night)
