package spillway.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {

    private static final List<String> FILES = List.of(
            "detections/a.sql", "tables/usage.sql", "tables/usage-entries.sql", "tables/notes.md", "tables/deeper/b.sql", "application.json");
    private static final List<String> READ = List.of("tables/usage.sql", "tables/usage-entries.sql", "detections/a.sql");

    @TempDir
    private Path folder;

    @Test
    void readsTheFilesOfAJarInTheirOrder() throws IOException {
        Path file = folder.resolve("a release.jar");
        try (OutputStream output = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(output)) {
            for (String name : FILES) {
                jar.putNextEntry(new JarEntry("spillway/" + name));
                jar.write(("content of " + name).getBytes(StandardCharsets.UTF_8));
            }
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[] {file.toUri().toURL()}, null)) {
            Bundle bundle = Bundle.ofClassPath(loader);
            assertEquals("content of application.json", bundle.applicationJson());
            assertEquals(READ, List.copyOf(bundle.sql().keySet()));
            assertEquals("content of tables/usage.sql", bundle.sql().get("tables/usage.sql"));
        }
    }

    @Test
    void readsTheSameFromAFolder() throws IOException {
        for (String name : FILES) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), name);
        }
        assertEquals(READ, List.copyOf(Bundle.ofFolder(folder).sql().keySet()));
    }

    @Test
    void saysThatAJarHoldsNoApplication() throws IOException {
        try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
            DefinitionException fault = assertThrows(DefinitionException.class, () -> Bundle.ofClassPath(empty));
            assertTrue(fault.getMessage().contains("bundle-missing"), fault.getMessage());
        }
    }
}
