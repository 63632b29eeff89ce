/** Schema of the operations of /interops/v1: namespace `urn:relais:interops:1`, a named profile, no claim of conformity. */
export const INTEROPS_XSD = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:io="urn:relais:interops:1"
    targetNamespace="urn:relais:interops:1" elementFormDefault="qualified">
  <xs:simpleType name="Texte"><xs:restriction base="xs:string"><xs:minLength value="1"/><xs:maxLength value="500"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Empreinte"><xs:restriction base="xs:string"><xs:pattern value="sha-256:[0-9a-f]{64}"/></xs:restriction></xs:simpleType>
  <xs:complexType name="Contenu">
    <xs:annotation><xs:documentation>Base64, ou xop:Include d'une pièce MTOM ; l'empreinte couvre les octets du contenu.</xs:documentation></xs:annotation>
    <xs:simpleContent><xs:extension base="xs:base64Binary">
      <xs:attribute name="typeMedia" type="io:Texte" use="required"/>
      <xs:attribute name="empreinte" type="io:Empreinte" use="required"/>
    </xs:extension></xs:simpleContent>
  </xs:complexType>
  <xs:complexType name="Resultat"><xs:sequence>
    <xs:element name="Objet" type="io:Texte"/>
    <xs:element name="Contenu" type="io:Contenu"/>
  </xs:sequence></xs:complexType>

  <xs:element name="Transmettre"><xs:complexType><xs:sequence>
    <xs:element name="Identifiant" type="io:Texte"/>
    <xs:element name="Flux" type="io:Texte"/>
    <xs:element name="Objet" type="io:Texte"/>
    <xs:element name="Version" type="xs:positiveInteger" minOccurs="0"/>
    <xs:element name="Destinataire" type="io:Texte" minOccurs="0"/>
    <xs:element name="CleReconciliation" type="io:Texte" minOccurs="0"/>
    <xs:element name="ReferenceSujet" type="io:Texte" minOccurs="0"/>
    <xs:element name="DerniereVisite" type="io:Texte" minOccurs="0"/>
    <xs:element name="ExpireLe" type="xs:dateTime" minOccurs="0"/>
    <xs:element name="Tentative" type="xs:positiveInteger" minOccurs="0"/>
    <xs:element name="Contenu" type="io:Contenu" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="TransmettreReponse"><xs:complexType><xs:sequence>
    <xs:element name="Message" type="io:Texte"/>
    <xs:element name="Statut"><xs:simpleType><xs:restriction base="xs:string">
      <xs:enumeration value="accepte"/><xs:enumeration value="deja-recu"/>
    </xs:restriction></xs:simpleType></xs:element>
    <xs:element name="RecuLe" type="xs:dateTime"/>
    <xs:element name="Empreinte" type="io:Empreinte"/>
    <xs:element name="CleReconciliation" type="io:Texte" minOccurs="0"/>
    <xs:element name="Recepisse" type="xs:string" minOccurs="0"/>
    <xs:element name="Resultat" type="io:Resultat" minOccurs="0"/>
  </xs:sequence><xs:attribute name="vecteur" type="io:Texte" use="required"/></xs:complexType></xs:element>

  <xs:element name="Interroger"><xs:complexType><xs:sequence>
    <xs:element name="CleReconciliation" type="io:Texte" minOccurs="0"/>
    <xs:element name="Flux" type="io:Texte" minOccurs="0"/>
    <xs:element name="Nombre" type="xs:positiveInteger" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="InterrogerReponse"><xs:complexType><xs:sequence>
    <xs:element name="Remise" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="Livraison" type="io:Texte"/>
      <xs:element name="Message" type="io:Texte"/>
      <xs:element name="Type" type="io:Texte"/>
      <xs:element name="Emetteur" type="io:Texte"/>
      <xs:element name="CleReconciliation" type="io:Texte" minOccurs="0"/>
      <xs:element name="Tentative" type="xs:positiveInteger"/>
      <xs:element name="Contenu" type="io:Contenu"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence><xs:attribute name="vecteur" type="io:Texte" use="required"/></xs:complexType></xs:element>

  <xs:element name="Accuser"><xs:complexType><xs:sequence>
    <xs:element name="Remise" type="io:Texte"/>
    <xs:element name="Issue"><xs:simpleType><xs:restriction base="xs:string">
      <xs:enumeration value="received"/><xs:enumeration value="opened"/><xs:enumeration value="filed"/><xs:enumeration value="refused"/>
    </xs:restriction></xs:simpleType></xs:element>
    <xs:element name="Code" type="io:Texte" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="AccuserReponse"><xs:complexType><xs:sequence>
    <xs:element name="Remise" type="io:Texte"/>
  </xs:sequence><xs:attribute name="vecteur" type="io:Texte" use="required"/></xs:complexType></xs:element>

  <xs:element name="ConsulterTraces"><xs:complexType><xs:sequence>
    <xs:element name="Depuis" type="xs:dateTime"/>
    <xs:element name="Jusqua" type="xs:dateTime" minOccurs="0"/>
    <xs:element name="Vecteur" type="io:Texte" minOccurs="0"/>
    <xs:element name="CleReconciliation" type="io:Texte" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="ConsulterTracesReponse"><xs:complexType><xs:sequence>
    <xs:element ref="io:VerificationVI" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element ref="io:TraceApplicative" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence><xs:attribute name="vecteur" type="io:Texte" use="required"/></xs:complexType></xs:element>
  <xs:element name="VerificationVI"><xs:complexType><xs:sequence>
    <xs:element name="Vecteur" type="io:Texte" minOccurs="0"/>
    <xs:element name="Emetteur" type="io:Texte" minOccurs="0"/>
    <xs:element name="Pagm" type="io:Texte" minOccurs="0"/>
    <xs:element name="Operation" type="io:Texte" minOccurs="0"/>
    <xs:element name="CleReconciliation" type="io:Texte" minOccurs="0"/>
    <xs:element name="Verdict"><xs:simpleType><xs:restriction base="xs:string">
      <xs:enumeration value="emis"/><xs:enumeration value="accepte"/><xs:enumeration value="refuse"/>
    </xs:restriction></xs:simpleType></xs:element>
    <xs:element name="Etape" type="xs:positiveInteger" minOccurs="0"/>
    <xs:element name="Faute" type="io:Texte" minOccurs="0"/>
    <xs:element name="Motif" type="io:Texte" minOccurs="0"/>
  </xs:sequence>
    <xs:attribute name="id" type="io:Texte" use="required"/>
    <xs:attribute name="instant" type="xs:dateTime" use="required"/>
    <xs:attribute name="cote" use="required"><xs:simpleType><xs:restriction base="xs:string">
      <xs:enumeration value="client"/><xs:enumeration value="fournisseur"/>
    </xs:restriction></xs:simpleType></xs:attribute>
  </xs:complexType></xs:element>
  <xs:element name="TraceApplicative"><xs:complexType><xs:sequence>
    <xs:element name="Etape" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
      <xs:attribute name="id" type="io:Texte" use="required"/>
      <xs:attribute name="instant" type="xs:dateTime" use="required"/>
      <xs:attribute name="nature" type="io:Texte" use="required"/>
    </xs:complexType></xs:element>
  </xs:sequence>
    <xs:attribute name="message" type="io:Texte" use="required"/>
    <xs:attribute name="flux" type="io:Texte" use="required"/>
    <xs:attribute name="cleReconciliation" type="io:Texte" use="required"/>
  </xs:complexType></xs:element>

  <xs:element name="SignalerComportement"><xs:complexType><xs:sequence>
    <xs:element name="Vecteur" type="io:Texte" minOccurs="0"/>
    <xs:element name="CleReconciliation" type="io:Texte" minOccurs="0"/>
    <xs:element name="Motif"><xs:simpleType><xs:restriction base="xs:string">
      <xs:enumeration value="vecteur-non-emis"/><xs:enumeration value="usage-anormal"/><xs:enumeration value="habilitation-abusive"/><xs:enumeration value="certificat-compromis"/>
    </xs:restriction></xs:simpleType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="SignalerComportementReponse"><xs:complexType><xs:sequence>
    <xs:element name="Reference" type="io:Texte"/>
  </xs:sequence><xs:attribute name="vecteur" type="io:Texte" use="required"/></xs:complexType></xs:element>

  <xs:element name="Erreur"><xs:complexType><xs:sequence>
    <xs:element name="Ecart" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
      <xs:attribute name="pointeur" type="xs:string" use="required"/>
      <xs:attribute name="code" type="io:Texte" use="required"/>
    </xs:complexType></xs:element>
  </xs:sequence>
    <xs:attribute name="code" type="io:Texte" use="required"/>
    <xs:attribute name="instance" type="io:Texte" use="required"/>
  </xs:complexType></xs:element>
</xs:schema>`;
