//! Charts, as SVG whose text is text. The style sheet gives the colours of the reader's scheme for those here.

use plotters::coord::Shift;
use plotters::prelude::*;

/// The colours of series, in the order of the legends; `report.css` names the same.
const SERIES: [RGBColor; 6] = [
    RGBColor(0xB3, 0x26, 0x1E),
    RGBColor(0x1F, 0x4E, 0x79),
    RGBColor(0xC7, 0x77, 0x00),
    RGBColor(0x23, 0x70, 0x4A),
    RGBColor(0x7A, 0x4B, 0x94),
    RGBColor(0x8A, 0x8F, 0x98),
];
/// Stand for the colours of axes and grid lines.
const AXIS: RGBColor = RGBColor(1, 1, 1);
const GRID: RGBColor = RGBColor(2, 2, 2);

/// A chart that could not be drawn. Nothing but memory is drawn to, so this does not happen.
type Drawn<'a> = Result<(), DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>>;

/// Columns side by side, each of parts on top of each other: `columns[i][k]` in the `colours[k]`-th colour.
pub(super) fn stacked(names: &[String], columns: &[Vec<u64>], colours: &[usize]) -> String {
    drawn(|area| {
        let highest = columns.iter().map(|parts| parts.iter().sum::<u64>()).max().unwrap_or(0);
        let count = columns.len();
        let mut chart = ChartBuilder::on(area)
            .margin(8)
            .x_label_area_size(28)
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..count as f64, 0.0..(highest.max(1) as f64 * 1.08))?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(AXIS)
            .label_style(("sans-serif", 14))
            .x_labels(8)
            .x_label_formatter(&|at| name_at(names, *at))
            .y_labels(5)
            .y_label_formatter(&|count| whole(*count))
            .draw()?;
        for (place, parts) in columns.iter().enumerate() {
            let mut base = 0;
            for (&part, &colour) in parts.iter().zip(colours) {
                if part > 0 {
                    let (left, right) = (place as f64 + 0.1, place as f64 + 0.9);
                    let corners = [(left, base as f64), (right, (base + part) as f64)];
                    chart.draw_series([Rectangle::new(corners, SERIES[colour].filled())])?;
                }
                base += part;
            }
        }
        Ok(())
    })
}

/// How many messages have which score, with the bars of the verdicts as lines.
pub(super) fn scores(counts: &[u64], suspicious: f32, scam: f32) -> String {
    drawn(|area| {
        let highest = counts.iter().max().copied().unwrap_or(0).max(1) as f64 * 2.0;
        let mut chart = ChartBuilder::on(area)
            .margin(8)
            .x_label_area_size(28)
            .y_label_area_size(64)
            .build_cartesian_2d(0.0..1.0, (0.5..highest).log_scale())?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(AXIS)
            .label_style(("sans-serif", 14))
            .x_labels(11)
            .x_label_formatter(&|score| format!("{:.0}%", score * 100.0))
            .y_labels(6)
            .y_label_formatter(&|count| whole(*count))
            .draw()?;
        let width = 1.0 / counts.len() as f64;
        let bars = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        chart.draw_series(bars.map(|(place, &count)| {
            let left = place as f64 * width;
            let corners = [(left + width * 0.1, 0.5), (left + width * 0.9, count as f64)];
            Rectangle::new(corners, SERIES[1].filled())
        }))?;
        for (score, colour) in [(suspicious, SERIES[2]), (scam, SERIES[0])] {
            let line = [(f64::from(score), 0.5), (f64::from(score), highest)];
            chart.draw_series([PathElement::new(line, colour.stroke_width(2))])?;
        }
        Ok(())
    })
}

/// The name of the column whose beginning is at `at`; none between columns.
fn name_at(names: &[String], at: f64) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let place = at.max(0.0) as usize;
    let whole = (at - at.round()).abs() < 1e-6;
    names.get(place).filter(|_| whole).cloned().unwrap_or_default()
}

/// A whole number; nothing where there is none.
fn whole(count: f64) -> String {
    if (count - count.round()).abs() < 1e-6 { format!("{count:.0}") } else { String::new() }
}

/// The SVG of a drawing.
fn drawn(draw: impl FnOnce(&DrawingArea<SVGBackend<'_>, Shift>) -> Drawn<'static>) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (960, 280)).into_drawing_area();
        let done = draw(&area).and_then(|()| area.present());
        debug_assert!(done.is_ok(), "memory takes any drawing");
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_drawn_whatever_the_figures() {
        for columns in [vec![], vec![vec![0, 0]], vec![vec![3, 4], vec![u64::from(u32::MAX), 1]]] {
            let names = vec!["2026-11-01".to_owned(); columns.len()];
            let svg = stacked(&names, &columns, &[0, 2]);
            assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
            assert!(!svg.contains("style=") && !svg.contains("<script"));
        }
        let svg = scores(&[10, 0, 1_000_000], 0.5, 0.9);
        assert!(svg.contains("<text") && svg.contains("#B3261E"), "{svg}");
    }
}
