package spillway.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What functions.json tells the command line is what the functions declare. */
class DeclarationsTest {

    @ParameterizedTest
    @ValueSource(classes = {SlidingHeat.class, SharedHeat.class})
    void functionsJsonSaysWhatTheFunctionDeclares(Class<? extends ProcessTableFunction<?>> function) throws Exception {
        String json = Files.readString(Path.of("src/main/resources/spillway/functions/functions.json"));
        List<String> state = new ArrayList<>();
        List<String> output = new ArrayList<>();
        for (Parameter parameter : eval(function).getParameters()) {
            if (parameter.isAnnotationPresent(ArgumentHint.class)) {
                Affects affects = parameter.getAnnotation(Affects.class);
                (affects == null || affects.value() == Affects.What.STATE ? state : output).add(parameter.getName());
            }
        }
        for (EntryColumn column : EntryColumn.values()) {
            (column.affects == Affects.What.STATE ? state : output).add(column.name().toLowerCase(Locale.ROOT));
        }
        String own = json.substring(json.indexOf('"' + function.getName() + '"'));
        assertEquals(state, listed(own, "state"));
        assertEquals(output, listed(own, "output"));
    }

    /** Without its own, the time to live that other detections set for the job would end it by the wall clock. */
    @ParameterizedTest
    @ValueSource(classes = {SlidingHeat.class, SharedHeat.class})
    void theStateHasNoTimeToLive(Class<? extends ProcessTableFunction<?>> function) {
        List<StateHint> states = Arrays.stream(eval(function).getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(StateHint.class))
                .map(parameter -> parameter.getAnnotation(StateHint.class)).toList();
        assertFalse(states.isEmpty());
        states.forEach(state -> assertEquals("0 ms", state.ttl()));
    }

    @Test
    void theRowTypeHasTheColumnsInTheirOrder() {
        String names = EntryColumn.ROW_TYPE.replaceAll("^ROW<|>$|`|\\(3\\)", "");
        List<String> inType = Arrays.stream(names.split(",")).map(column -> column.strip().split(" ")[0]).toList();
        List<String> inEnum = Arrays.stream(EntryColumn.values()).map(column -> column.name().toLowerCase(Locale.ROOT)).toList();
        assertEquals(inEnum, inType);
    }

    private static Method eval(Class<?> function) {
        return Arrays.stream(function.getDeclaredMethods())
                .filter(method -> method.getName().equals("eval")).findFirst().orElseThrow();
    }

    private static List<String> listed(String json, String name) {
        Matcher list = Pattern.compile("\"" + name + "\":\\s*\\[([^\\]]*)\\]").matcher(json);
        list.find();
        return Arrays.stream(list.group(1).split(",")).map(item -> item.strip().replace("\"", "")).toList();
    }
}
