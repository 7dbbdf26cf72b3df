import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * Copies a jar, with classes of the old format (before Java 6) written anew in a current one.
 *
 * <p>The JVM keeps no old classes in its ahead-of-time cache, and picocli's are: loading and verifying them at every start took longer
 * than everything else together. Their code stays the same, instruction for instruction; what is added are the stack maps that newer
 * classes have. Run by the launcher when it makes its image: {@code java Modernize.java FROM.jar TO.jar}.
 */
final class Modernize {
    private Modernize() {}

    public static void main(String[] arguments) throws IOException {
        try (JarFile from = new JarFile(arguments[0]);
                OutputStream file = Files.newOutputStream(Path.of(arguments[1]));
                JarOutputStream to = new JarOutputStream(file)) {
            ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(type -> resource(from, type))
                    .orElse(ClassHierarchyResolver.defaultResolver());
            ClassFile format = ClassFile.of(
                    StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(hierarchy));
            for (Enumeration<JarEntry> entries = from.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                byte[] bytes = from.getInputStream(entry).readAllBytes();
                to.putNextEntry(new ZipEntry(entry.getName()));
                to.write(isOld(bytes) ? modern(format, bytes) : bytes);
                to.closeEntry();
            }
        }
    }

    private static byte[] modern(ClassFile format, byte[] old) {
        ClassModel model = format.parse(old);
        ClassTransform raiseVersion = (builder, element) -> builder.with(
                element instanceof ClassFileVersion ? ClassFileVersion.of(ClassFile.JAVA_17_VERSION, 0) : element);
        ClassTransform writeCodeAnew = ClassTransform.transformingMethodBodies(CodeBuilder::with); // copied code gets no maps
        return format.transformClass(model, raiseVersion.andThen(writeCodeAnew));
    }

    private static boolean isOld(byte[] bytes) {
        boolean isClass = bytes.length > 8 && bytes[0] == (byte) 0xCA && bytes[1] == (byte) 0xFE;
        return isClass && (bytes[6] << 8 | bytes[7] & 0xff) < ClassFile.JAVA_6_VERSION;
    }

    private static InputStream resource(JarFile jar, ClassDesc type) {
        String descriptor = type.descriptorString();
        JarEntry entry = jar.getJarEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException unreadable) {
            return null;
        }
    }
}
