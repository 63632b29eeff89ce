// Apache Santuario as a judge: encrypts or decrypts the content of the SOAP Body on standard input.
// java -cp … XmlEncryption.java encrypt certificate.pem | decrypt key.pem
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.xml.security.encryption.EncryptedData;
import org.apache.xml.security.encryption.EncryptedKey;
import org.apache.xml.security.encryption.XMLCipher;
import org.apache.xml.security.keys.KeyInfo;
import org.apache.xml.security.utils.EncryptionConstants;
import org.apache.xml.security.utils.XMLUtils;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

public class XmlEncryption {
  public static void main(String[] args) throws Exception {
    org.apache.xml.security.Init.init();
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document document = factory.newDocumentBuilder().parse(System.in);
    Element body = (Element) document.getElementsByTagNameNS("*", "Body").item(0);
    if (args[0].equals("encrypt")) encrypt(document, body, args[1]);
    else decrypt(document, body, args[1]);
    XMLUtils.outputDOM(document, System.out);
  }

  private static void encrypt(Document document, Element body, String file) throws Exception {
    X509Certificate certificate;
    try (var in = Files.newInputStream(Path.of(file))) {
      certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    KeyGenerator generator = KeyGenerator.getInstance("AES");
    generator.init(256);
    SecretKey secret = generator.generateKey();
    XMLCipher wrapping =
        XMLCipher.getInstance(EncryptionConstants.ALGO_ID_KEYTRANSPORT_RSAOAEP_11, null, XMLCipher.SHA256);
    wrapping.init(XMLCipher.WRAP_MODE, certificate.getPublicKey());
    EncryptedKey key =
        wrapping.encryptKey(document, secret, EncryptionConstants.MGF1_SHA256, null);
    XMLCipher cipher = XMLCipher.getInstance(XMLCipher.AES_256_GCM);
    cipher.init(XMLCipher.ENCRYPT_MODE, secret);
    EncryptedData data = cipher.getEncryptedData();
    KeyInfo info = new KeyInfo(document);
    info.add(key);
    data.setKeyInfo(info);
    cipher.doFinal(document, body, true);
  }

  private static void decrypt(Document document, Element body, String file) throws Exception {
    String base64 = Files.readString(Path.of(file)).replaceAll("-----[^-]+-----|\\s", "");
    PrivateKey key =
        KeyFactory.getInstance("RSA")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    Element data =
        (Element) body.getElementsByTagNameNS(EncryptionConstants.EncryptionSpecNS, "EncryptedData").item(0);
    XMLCipher cipher = XMLCipher.getInstance();
    cipher.init(XMLCipher.DECRYPT_MODE, null);
    cipher.setKEK(key);
    cipher.doFinal(document, data);
  }
}
