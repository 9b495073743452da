-- Published figures about needs, seen or not by whoever reads them: frozen once a quarter, protected (docs/methods-figures.md).

-- figures_release: one closed quarter whose figures are published; never computed again
-- figures_release.quarter: year times 4, plus 0 to 3
-- figures_release.frozen: moment when it was computed
-- figures_release.method: version of the method
-- figures_release.floor: least companies of a published figure
-- figures_release.needs: needs filed in the quarter, not published
-- figures_release.companies: companies that filed them, not published
-- figures_release.left_out: companies in no figure, since too few were like them, not published
-- figures_release.cells: cells with a company at least, not published
-- figures_release.small: those under the floor, not published
-- figures_release.secondary: those hidden although not under the floor, not published
CREATE TABLE figures_release (
    quarter {integer} NOT NULL PRIMARY KEY,
    frozen {integer} NOT NULL,
    method {integer} NOT NULL,
    floor {integer} NOT NULL,
    needs {integer} NOT NULL,
    companies {integer} NOT NULL,
    left_out {integer} NOT NULL,
    cells {integer} NOT NULL,
    small {integer} NOT NULL,
    secondary {integer} NOT NULL
) {strict};

-- figures_cell: one published figure; what is hidden has no row, nor has what is empty
-- figures_cell.quarter: of the release
-- figures_cell.family: what the territory is crossed with: all, kind or sector
-- figures_cell.code: code of the kind of need or of the sector; empty for all
-- figures_cell.area: FR, or the code of a région or département
-- figures_cell.companies: distinct companies that filed a need
-- figures_cell.members: member companies of the territory, and of the sector if there is one, on the last day of the quarter
CREATE TABLE figures_cell (
    quarter {integer} NOT NULL,
    family {text} NOT NULL,
    code {text} NOT NULL,
    area {text} NOT NULL,
    companies {integer} NOT NULL,
    members {integer} NOT NULL,
    PRIMARY KEY (quarter, family, code, area)
) {compact};
