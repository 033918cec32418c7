Feature: The police mediate
  A blow between neighbours may be settled before the police instead of being punished, if an officer leads it,
  everybody wants it, and the suspect comes himself.

  Background:
    Given it is Monday 4 March 2024, 09:00

  Rule: officer_there - an auxiliary alone does not mediate here
    Scenario: Wang alone, with a recording
      Given Ou's case between Asha and Bram is in its first mediation
      When Wang records a mediation that he led alone
      Then it is refused under "officer_there"

    Scenario: Beside one officer, with a recording
      Given Ou's case between Asha and Bram is in its first mediation
      When Wang records a mediation of Ou and himself with a recording
      Then the case is "Second mediation"

  Rule: recorded - one officer with an auxiliary needs a recording, two officers do not
    Scenario: One officer, no recording
      Given Ou's case between Asha and Bram is in its first mediation
      When Wang records a mediation of Ou and himself without a recording
      Then it is refused under "recorded"

    Scenario: Two officers, no recording
      Given Ou's case between Asha and Bram is in its first mediation
      When Ou records a mediation of Ou and Ouyang without a recording
      Then the case is "Second mediation"

  Rule: in_person - the suspect comes himself
    Scenario: He stays at home
      Given Bram does not come himself
      And Ou's case between Asha and Bram is in its first mediation
      When the mediation fails
      Then it is refused under "in_person"

  Rule: only the victim may send somebody else
    Scenario: The suspect's brother, with a written power of attorney
      Given Ou's case between Asha and Bram is in its first mediation
      When Bram's brother comes with written powers
      Then it is refused, since only a guardian acts for "Suspect"

    Scenario: The victim's agent, with written powers
      Given Ou's case between Asha and Bram is in its first mediation
      When Asha's sister comes with written powers
      Then she is on file as the agent of Asha

    Scenario: The victim's agent, on his word alone
      Given Ou's case between Asha and Bram is in its first mediation
      When Asha's sister comes without written powers
      Then it is refused under "in_writing"

  Rule: minors - the guardian of a minor is told
    Scenario: Fifteen, and nobody told the guardian
      Given Asha is 15 years old in a case of the police
      And Ou's case between Asha and Bram is in its first mediation
      When the mediation fails
      Then it is refused under "minors"
      And the refusal names Asha

    Scenario: Fifteen, and the guardian was told
      Given Asha is 15 years old in a case of the police
      And Ou's case between Asha and Bram is in its first mediation
      And Ou has told the mother of Asha
      When the mediation fails
      Then the case is "Second mediation"

    Scenario: Sixteen, on his own wages, and he wants it so
      Given Asha is 16, lives on own wages and wants no guardian told
      And Ou's case between Asha and Bram is in its first mediation
      When the mediation fails
      Then the case is "Second mediation"

    Scenario: Sixteen, on his own wages, and nobody asked him
      Given Asha is 16 and lives on own wages
      And Ou's case between Asha and Bram is in its first mediation
      When the mediation fails
      Then it is refused under "minors"

  Rule: willing_all - nobody is mediated against his will
    Scenario: Asha has not said yet
      Given Ou has proposed to mediate between Asha and Bram, and only Bram wants it
      When Chen approves the mediation
      Then it is refused under "willing_all"

    Scenario: Asha thinks better of it
      Given Ou's case between Asha and Bram is in its first mediation
      When Asha says that she does not want it
      Then the case is "Mediation failed"
      And Asha and Bram have the "Notice that damages may be claimed in court"

  Rule: in_scope - what the rules exclude is not mediated
    Scenario: A blow across the table
      Given Ou's case between Asha and Bram is in its first mediation
      When Wang reports a blow across the table
      Then the case is "Mediation failed"
      And Ou and Chen are told of it
      And nobody may mediate any more

  Rule: second_person - one officer proposes, another approves
    Scenario: The head proposed it himself
      Given Chen holds the case and has proposed to mediate between Asha and Bram
      When Chen approves the mediation
      Then it is refused under "second_person"
