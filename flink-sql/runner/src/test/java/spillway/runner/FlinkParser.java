package spillway.runner;

import java.util.List;
import java.util.stream.Stream;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.flink.sql.parser.ddl.SqlCreateTable;
import org.apache.flink.sql.parser.dml.RichSqlInsert;
import org.apache.flink.sql.parser.dml.SqlExecute;
import org.apache.flink.sql.parser.dml.SqlStatementSet;
import org.apache.flink.sql.parser.impl.FlinkSqlParserImpl;
import org.apache.flink.sql.parser.validate.FlinkSqlConformance;

/** The parser that Flink itself uses, set up as its planner does. */
final class FlinkParser {

    private static final SqlParser.Config CONFIG = SqlParser.config()
            .withParserFactory(FlinkSqlParserImpl.FACTORY)
            .withConformance(FlinkSqlConformance.DEFAULT)
            .withQuoting(Quoting.BACK_TICK)
            .withQuotedCasing(Casing.UNCHANGED)
            .withUnquotedCasing(Casing.UNCHANGED);

    private FlinkParser() {}

    /** The statements of a text in a normal form, those of statement sets one by one. */
    static List<String> statements(String sql) {
        try {
            return SqlParser.create(sql, CONFIG).parseStmtList().getList().stream()
                    .flatMap(FlinkParser::insertsOf)
                    .filter(node -> node instanceof RichSqlInsert || node instanceof SqlCreateTable)
                    .map(SqlNode::toString)
                    .toList();
        } catch (SqlParseException cause) {
            throw new AssertionError("Flink's parser refuses " + sql, cause);
        }
    }

    private static Stream<SqlNode> insertsOf(SqlNode node) {
        return node instanceof SqlExecute execute && execute.getStatement() instanceof SqlStatementSet set
                ? set.getInserts().stream().map(SqlNode.class::cast)
                : Stream.of(node);
    }
}
